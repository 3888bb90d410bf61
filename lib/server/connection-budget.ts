import { queryOnce } from "./query-once";
import { CannotStart } from "./steps";

/** Besides its pool, a process opens one connection that listens for jobs, and two for the start. */
const reservedConnections = 3;

export const connectionsNeeded = (processes: number, perProcess: number) =>
  processes * (perProcess + reservedConnections);

/** Throws CannotStart when the database allows fewer connections, with which the last processes fail under load. */
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
  const sql =
    "SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS allowed";
  const { allowed } = await queryOnce<{ allowed: number }>(databaseUrl, sql);
  return allowed;
}
