import { Client } from "pg";
import { CannotStart } from "./steps";

const rounds = 3;
const timeoutMs = 5_000;

/** Throws CannotStart unless each connection has a backend of its own, which advisory locks, LISTEN and settings of a
 * session need; an outage when a pooler has no two. In its transaction mode, PgBouncer gives the next one the backend that
 * was used last, or lets them take turns. */
export async function demandSessions(databaseUrl: string): Promise<void> {
  const clients = [1, 2].map(() => newClient(databaseUrl));
  for (const client of clients) client.on("error", () => undefined);
  try {
    for (const client of clients) await client.connect();
    const seen = new Set<string>();
    for (let round = 0; round < rounds; round++) {
      for (const [index, client] of clients.entries()) {
        for (let times = 0; times < 2; times++) seen.add(`${index} ${await backendOf(client)}`);
      }
    }
    const backends = new Set([...seen].map((each) => each.split(" ")[1]));
    if (seen.size === clients.length && backends.size === clients.length) return;
  } finally {
    for (const client of clients) client.end().catch(() => undefined);
  }
  throw new CannotStart(
    "DATABASE_URL leads to a connection pooler that shares connections between transactions. Set pool_mode = session (PgBouncer), or connect to PostgreSQL itself.",
  );
}

function newClient(connectionString: string): Client {
  return new Client({ connectionString, connectionTimeoutMillis: timeoutMs, query_timeout: timeoutMs });
}

async function backendOf(client: Client): Promise<number> {
  const { rows } = await client.query("SELECT pg_backend_pid() AS pid");
  return rows[0].pid;
}
