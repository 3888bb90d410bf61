import { Client } from "pg";
import { CannotStart } from "./steps";

/** Connections that a process opens besides its pool: one listens for jobs, two are for the start. */
const reservedConnections = 3;

/** The most connections that these processes open together. */
export const connectionsNeeded = (processes: number, perProcess: number) =>
  processes * (perProcess + reservedConnections);

/**
 * Checks, before several processes start, that the database allows all their connections. Otherwise the last processes would
 * fail under load.
 *
 * @throws CannotStart with the figures when it does not.
 */
export async function demandConnections(databaseUrl: string, processes: number, perProcess: number): Promise<void> {
  const wanted = connectionsNeeded(processes, perProcess);
  const allowed = await connectionsAllowed(databaseUrl);
  if (wanted <= allowed) return;
  const fitting = Math.floor(allowed / processes) - reservedConnections;
  const cure = fitting >= 4 ? `set TESSERA_DATABASE_CONNECTIONS=${fitting}` : "choose a smaller WEB_CONCURRENCY";
  throw new CannotStart(
    `${processes} processes with ${perProcess} connections each, plus ${reservedConnections}, need ${wanted} connections, but the database allows ${allowed}. To fix this, ${cure}, or raise max_connections of the database.`,
  );
}

async function connectionsAllowed(databaseUrl: string): Promise<number> {
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    const { rows } = await client.query(
      "SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS allowed",
    );
    return rows[0].allowed;
  } finally {
    await client.end();
  }
}
