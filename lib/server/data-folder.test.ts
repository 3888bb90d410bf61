import { execFile } from "node:child_process";
import { chmod, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { Client } from "pg";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { makeDataFolder } from "@/testing/data-folder";
import { startDatabase } from "./database";

const run = promisify(execFile);
let folder: string;

beforeAll(async () => {
  folder = await makeDataFolder();
  await (await startDatabase(folder)).stop();
});
afterAll(() => rm(folder, { recursive: true }));

test.skipIf(process.platform === "win32")(
  "a copy starts, whoever made it and however open its folders are",
  async () => {
    const place = await makeDataFolder();
    onTestFinished(() => rm(place, { recursive: true }));
    const copy = join(place, "copy");
    // As root, the copy is root's.
    await run("cp", ["-r", folder, copy]);
    await chmod(join(copy, "postgres/data"), 0o775);
    await expectToAnswer(copy);
  },
);

test("variables for clients of another database do not matter", async () => {
  onTestFinished(() => void vi.unstubAllEnvs());
  vi.stubEnv("PGSSLMODE", "require");
  vi.stubEnv("PGOPTIONS", "-c default_transaction_read_only=on");
  await expectToAnswer(folder);
});

test.skipIf(process.platform === "win32")("a first start without room on the disk says so", async () => {
  const fresh = await makeDataFolder();
  onTestFinished(() => rm(fresh, { recursive: true }));
  // A limit on the size of files stands in for a disk that is full; initdb ignores the signal of the limit.
  const flags = ["--import", "tsx", "--conditions=react-server", "testing/hold-database.ts", fresh];
  const starting = run("bash", ["-c", 'ulimit -f 500; exec "$0" "$@"', process.execPath, ...flags]);
  await expect(starting).rejects.toMatchObject({
    stderr: expect.stringMatching(/PostgreSQL could not create its data folder: could not .*File too large/),
  });
});

async function expectToAnswer(path: string): Promise<void> {
  const { url, stop } = await startDatabase(path);
  const client = new Client({ connectionString: url });
  await client.connect();
  expect((await client.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
  await client.end();
  await stop();
}
