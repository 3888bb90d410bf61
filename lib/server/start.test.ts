import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runBounded } from "@/testing/bounded";

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
    /Cannot use the database in DATABASE_URL: password authentication failed/,
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
