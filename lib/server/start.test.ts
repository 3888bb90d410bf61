import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Client } from "pg";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { runBounded, startGroup, waitForEnd } from "@/testing/bounded";
import { makeDataFolder } from "@/testing/data-folder";
import { freePort } from "./database";

const authSecret = "q3vXy7Lk0TnB2mZc9RwE5sUa8HdJ1fGp";
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tessera-start-"));
});
afterAll(() => rm(folder, { recursive: true }));

test.each([
  ["an unknown setting", { TESSERA_TOKEN_LIFETIME: "9" }, /TESSERA_TOKEN_LIFETIME is not a known setting/],
  [
    "a database without AUTH_SECRET",
    { DATABASE_URL: "postgres://a:b@127.0.0.1/c", AUTH_SECRET: "" },
    /AUTH_SECRET is not set/,
  ],
  [
    "a database it may not use",
    { DATABASE_URL: wrongPassword(), AUTH_SECRET: authSecret },
    /Cannot use the database: password authentication failed/,
  ],
  [
    "more processes than the database has connections for",
    { DATABASE_URL: theirs(), AUTH_SECRET: authSecret, WEB_CONCURRENCY: "10", TESSERA_DATABASE_CONNECTIONS: "500" },
    /10 processes with 500 connections each.*need 5030 connections, but the database allows \d+\. To fix this, set TESSERA_DATABASE_CONNECTIONS=\d+/,
  ],
])("%s refuses to start with one line", async (_, settings, message) => {
  const { code, output } = await start(settings);
  expect(code).toBe(1);
  expect(output.trim()).toMatch(message);
  expect(output.trim().split("\n")).toHaveLength(1);
});

test("a port that is taken is said in one line", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as { port: number };
  const { code, output } = await start({ PORT: String(port), DATABASE_URL: "", AUTH_SECRET: "" });
  other.close();
  expect(code).toBe(1);
  expect(output.trim()).toBe(
    `✗ Port ${port} is already in use. Stop the other program, or choose another port: PORT=${port + 1} npm start`,
  );
});

test.each(["SIGTERM", "SIGINT"] as const)(
  "%s during a start ends it with code 0, and PostgreSQL with it",
  async (signal) => {
    const data = await makeDataFolder();
    onTestFinished(() => rm(data, { recursive: true }));
    const settings = { PORT: String(await freePort(0)), TESSERA_DATA_DIR: data, DATABASE_URL: "", AUTH_SECRET: "" };
    const flags = ["--import", "tsx", "--conditions=react-server"];
    const child = startGroup([...flags, "lib/server/start.ts"], settings);
    const ending = waitForEnd(child, 1, false);
    const isStarting = () => existsSync(join(data, "postgres/data/postmaster.pid"));
    await expect.poll(isStarting, { timeout: 60_000, interval: 5 }).toBe(true);
    child.kill(signal);
    const { code, output } = await ending;
    expect(code).toBe(0);
    expect(output).not.toContain("✗");
    expect(isStarting()).toBe(false);
  },
);

function start(settings: Record<string, string>) {
  const flags = ["--import", "tsx", "--conditions=react-server"];
  const env = { PORT: "", TESSERA_DATA_DIR: folder, ...settings };
  return runBounded([...flags, "lib/server/start.ts"], { minutes: 0.5, env });
}

function theirs(): string {
  return process.env.DATABASE_URL ?? "";
}

function wrongPassword(): string {
  const url = new URL(theirs());
  url.password = "wrong";
  return url.href;
}

test.each([
  [
    "a database that does not exist",
    () => theirsWith({ pathname: "/nowhere" }),
    /database "nowhere" does not exist\. Create/,
  ],
  ["a server without TLS", () => `${theirs()}?sslmode=require`, /does not support SSL connections/],
  [
    "a socket that is not there",
    () => "postgres:///tessera?host=/nowhere",
    /connect ENOENT \/nowhere\/\.s\.PGSQL\.5432.*Check the path/,
  ],
  [
    "an authority that cannot be read",
    () => `${theirs()}?sslmode=verify-full&sslrootcert=/nowhere.pem`,
    /\/nowhere\.pem/,
  ],
  ["verify-ca without an authority", () => `${theirs()}?sslmode=verify-ca`, /sslrootcert/],
])("%s refuses to start with one line", async (_, url, message) => {
  await expectRefusal({ DATABASE_URL: url(), AUTH_SECRET: authSecret }, message);
});

test.each([
  [
    "tables of another program",
    "TEMPLATE template0",
    "CREATE TABLE invoices (id int)",
    /The database has tables of another program\. Name an empty one in DATABASE_URL\.$/,
  ],
  [
    "another encoding",
    "TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C' LOCALE_PROVIDER libc",
    "SELECT 1",
    /The database has the encoding LATIN1\. Create it with UTF8/,
  ],
])("a database with %s is refused with one line", async (_, options, statement, message) => {
  const name = `other_${process.pid}`;
  await asOwner(theirs(), `CREATE DATABASE ${name} ${options}`);
  const url = theirsWith({ pathname: `/${name}` });
  try {
    await asOwner(url, statement);
    await expectRefusal({ DATABASE_URL: url, AUTH_SECRET: authSecret }, message);
  } finally {
    await asOwner(theirs(), `DROP DATABASE ${name} WITH (FORCE)`);
  }
});

test("a role that may create nothing is refused with one line, and one with the documented rights starts", async () => {
  const name = `plain_${process.pid}`;
  const url = theirsWith({ pathname: `/${name}`, username: name, password: name });
  await asOwner(theirs(), `CREATE DATABASE ${name}`, `CREATE ROLE ${name} LOGIN PASSWORD '${name}'`);
  const own = theirsWith({ pathname: `/${name}` });
  try {
    await asOwner(own, `REVOKE ALL ON DATABASE ${name} FROM PUBLIC`, `GRANT CONNECT ON DATABASE ${name} TO ${name}`);
    await expectRefusal(
      { DATABASE_URL: url, AUTH_SECRET: authSecret },
      /permission denied for schema public.*database role in docs/,
    );
    await asOwner(own, `GRANT CREATE, USAGE ON SCHEMA public TO ${name}`, `CREATE SCHEMA pgboss AUTHORIZATION ${name}`);
    const program = join(folder, "install.mts");
    await writeFile(program, installation);
    const ending = await runBounded(["--import", "tsx", "--conditions=react-server", program], {
      minutes: 1,
      env: { DATABASE_URL: url },
    });
    expect(ending).toMatchObject({ code: 0, output: "" });
  } finally {
    await asOwner(theirs(), `DROP DATABASE ${name} WITH (FORCE)`, `DROP ROLE ${name}`);
  }
});

/** What a start does with the database. */
const installation = `
  import { closeDatabase } from "${pathToFileURL("lib/db.ts").href}";
  import { closeQueue, installQueue } from "${pathToFileURL("lib/jobs/queue.ts").href}";
  import { migrate } from "${pathToFileURL("lib/server/migrate.ts").href}";
  import { seed } from "${pathToFileURL("lib/server/seed.ts").href}";
  await migrate(process.env.DATABASE_URL, seed);
  for (let start = 0; start < 2; start++) await installQueue().then(closeQueue);
  await closeDatabase();`;

async function expectRefusal(settings: Record<string, string>, message: RegExp) {
  const { code, output } = await start(settings);
  const lines = output
    .trim()
    .split("\n")
    .filter((line) => !/^ *[✓·] /.test(line));
  expect(code).toBe(1);
  expect(lines).toEqual([expect.stringMatching(message)]);
}

function theirsWith(parts: Partial<Pick<URL, "pathname" | "username" | "password">>): string {
  return Object.assign(new URL(theirs()), parts).href;
}

async function asOwner(url: string, ...statements: string[]) {
  const client = new Client({ connectionString: url });
  await client.connect();
  for (const sql of statements) await client.query(sql);
  await client.end();
}
