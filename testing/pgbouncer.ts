import { chmod, mkdtemp, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@/lib/server/database";
import { findOrCreateSystemAccount } from "@/lib/system-account";
import type { Program } from "./debian-program";
import { runProgram } from "./run-program";

/** A PgBouncer in front of a database. */
export interface Pooler {
  /** The URL of the database through the pooler, under a name that the pooler knows. */
  urlOf(name: string): string;
  stop(): Promise<void>;
}

/**
 * Starts PgBouncer.
 *
 * @param databases names and their settings, such as `pool_mode=session`; all lead to the database of the URL.
 * @param settings of the pooler as a whole.
 */
export async function startPooler(
  program: Program,
  database: URL,
  databases: Record<string, string>,
  settings: Record<string, string | number> = {},
): Promise<Pooler> {
  const folder = await mkdtemp(join(tmpdir(), "tessera-pooler-"));
  await chmod(folder, 0o711);
  const port = await freePort(0);
  const { hostname, port: ownPort, pathname, username, password } = database;
  const target = `host=${hostname} port=${ownPort || 5432} dbname=${pathname.slice(1)}`;
  const all = {
    listen_addr: "127.0.0.1",
    listen_port: port,
    unix_socket_dir: "",
    auth_type: "scram-sha-256",
    auth_file: join(folder, "users.txt"),
    ...settings,
    // As root it refuses to run.
    ...(process.getuid?.() === 0 && (await findOrCreateSystemAccount("postgres")) && { user: "postgres" }),
  };
  const configuration = [
    "[databases]",
    ...Object.entries(databases).map(([name, options]) => `${name} = ${target} ${options}`),
    "[pgbouncer]",
    ...Object.entries(all).map(([name, value]) => `${name} = ${value}`),
  ];
  await writeFile(join(folder, "pgbouncer.ini"), configuration.join("\n"));
  await writeFile(all.auth_file, `"${username}" "${decodeURIComponent(password)}"\n`);

  // It ends at once with SIGTERM; SIGINT would wait for its clients.
  const listens = () => isListening(Number(port));
  const { stop } = await runProgram(program, [join(folder, "pgbouncer.ini")], folder, listens, 30_000);
  return { stop, urlOf: (name) => urlThrough(database, Number(port), name) };
}

function urlThrough(database: URL, port: number, name: string): string {
  const url = new URL(database);
  url.host = `127.0.0.1:${port}`;
  url.pathname = `/${name}`;
  return url.href;
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
