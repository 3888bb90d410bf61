import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chown, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startDatabase } from "./database";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tessera-database-"));
});

afterAll(async () => {
  await (await startDatabase(folder)).stop();
  await rm(folder, { recursive: true });
});

test("what was committed is there at the next start, on the same port", async () => {
  const first = await startDatabase(folder);
  await ask(first.url, "CREATE TABLE kept AS SELECT 42 AS answer");
  await first.stop();
  const second = await startDatabase(folder);
  expect(await ask(second.url, "SELECT answer FROM kept")).toEqual([{ answer: 42 }]);
  expect(second.url).toBe(first.url);
  await second.stop();
});

test("it speaks to this machine only, wants its password, and confirms a commit once it is on disk", async () => {
  const { url, stop } = await startDatabase(folder);
  const settings = await ask(
    url,
    "SELECT name, setting FROM pg_settings WHERE name IN ('listen_addresses', 'unix_socket_directories', 'synchronous_commit', 'fsync') ORDER BY name",
  );
  expect(settings.map(({ setting }) => setting)).toEqual(["on", "127.0.0.1", "on", ""]);
  const withoutPassword = new URL(url);
  withoutPassword.password = "password";
  await expect(ask(withoutPassword.href, "SELECT 1")).rejects.toThrow("password authentication failed");
  if (process.platform !== "win32") {
    expect((await stat(join(folder, "postgres-password"))).mode & 0o777).toBe(0o600);
  }
  await stop();
});

test("the server that a killed process left behind is taken over, not doubled", async () => {
  const killed = await holder();
  const postmaster = await pid();
  killed.kill("SIGKILL");
  await once(killed, "exit");

  const { url, stop } = await startDatabase(folder);
  expect(await pid()).toBe(postmaster);
  expect(await ask(url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  await stop();
});

test("after a power cut, with process and postmaster gone, it recovers", async () => {
  const killed = await holder();
  process.kill(await pid(), "SIGKILL");
  killed.kill("SIGKILL");
  await once(killed, "exit");

  const { url, stop } = await startDatabase(folder);
  expect(await ask(url, "SELECT answer FROM kept")).toEqual([{ answer: 42 }]);
  await stop();
});

test("a pid file that names some other program's process does not stand in the way", async () => {
  const file = join(folder, "postgres/data/postmaster.pid");
  await writeFile(file, `${process.pid}\n${folder}\n1\n1\n\n127.0.0.1\n1 1\nready\n`);
  const { uid, gid } = await stat(join(folder, "postgres"));
  await chown(file, uid, gid);

  const { url, stop } = await startDatabase(folder);
  expect(await ask(url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  await stop();
});

test("a second server on the same folder fails with a clear error, and the first continues", async () => {
  const first = await startDatabase(folder);
  await expect(startDatabase(folder)).rejects.toThrow(/Another Tessera is already using .*TESSERA_DATA_DIR/);
  expect(await ask(first.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  await first.stop();
});

/** Another process that has started the database and holds it. */
async function holder(): Promise<ChildProcess> {
  const flags = ["--import", "tsx", "--conditions=react-server"];
  const child = spawn(process.execPath, [...flags, "testing/hold-database.ts", folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return child;
}

async function pid(): Promise<number> {
  return Number((await readFile(join(folder, "postgres/data/postmaster.pid"), "utf8")).split("\n")[0]);
}

async function ask(url: string, sql: string) {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
