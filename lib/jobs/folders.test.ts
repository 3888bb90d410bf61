import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { hours, later } from "@/lib/clock";
import { db, pool } from "@/lib/db";
import { engineAccount } from "@/lib/engine/account";
import { runQuery } from "@/lib/engine/run";
import type { Actor } from "@/lib/permissions/actor";
import { createRepository, removeFile } from "@/lib/repositories/commands";
import { putFile } from "@/lib/repositories/put-file";
import { repositoryFor } from "@/lib/repositories/queries";
import { blockedBy } from "@/testing/blocked-by";
import { actorOf, introduceCast } from "@/testing/cast";
import { makeDataFolder } from "@/testing/data-folder";
import { clearFolders, makeJobFolder } from "./folders";

let folder: string;
let cache: string;
let ada: Actor;

beforeAll(async () => {
  folder = await makeDataFolder();
  process.env.TESSERA_DATA_DIR = folder;
  process.env.TESSERA_FILE_CACHE_MB = "5";
  cache = join(folder, "cache", "files");
  await introduceCast(new Date());
  ada = await actorOf("ada", new Date());
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(() => rm(cache, { recursive: true, force: true }));

const bytes = new TextEncoder().encode("day,level\nMon,90\n");
const levels = { repository: "Rivers", file: "levels.csv" };
const never = new AbortController().signal;
const digest = (letter: string) => letter.repeat(64);
const draft = (letter: string) => `${digest(letter)}.0c9e4f3a-6d1b-4f0e-9a57-2f4b8f3f5a11`;

/** Makes a file look as if it had not been written or used for that long. */
async function age(path: string, ms: number): Promise<void> {
  const at = later(new Date(), -ms);
  await utimes(path, at, at);
}

/** Adds Ada's file and brings it into the cache, as a job does. @returns its path in the cache */
async function cacheLevels(): Promise<string> {
  const { file } = await putFile(ada, levels, bytes);
  await runOnce();
  return join(cache, file.sha256);
}

async function runOnce(): Promise<string> {
  const { id } = await repositoryFor(ada, "Rivers", "read");
  const { files, remove } = await makeJobFolder(id, 1, never);
  const text = await readFile(join(files, levels.file), "utf8");
  await remove();
  return text;
}

test("a starting server keeps files that other processes are fetching, and removes those they abandoned", async () => {
  await mkdir(cache, { recursive: true });
  for (const name of [digest("a"), draft("b"), digest("c"), draft("d")]) await writeFile(join(cache, name), bytes);
  for (const name of [digest("c"), draft("d")]) await age(join(cache, name), hours(1.1));
  const cached = await cacheLevels();
  await age(cached, hours(1_000));
  await clearFolders();
  expect(await readdir(cache).then((names) => names.toSorted())).toEqual(
    [digest("a"), draft("b"), cached.slice(-64)].toSorted(),
  );
});

test("a job whose folder cannot be filled leaves no folder", async () => {
  const { id } = await repositoryFor(ada, "Rivers", "read");
  const { file } = await putFile(ada, levels, bytes);
  // Earlier versions accepted names that are longer than file systems allow.
  const name = "\u{20000}".repeat(100);
  const row = { repositoryId: id, name, size: file.size, sha256: file.sha256 };
  await db.repositoryFile.create({ data: row });
  await expect(makeJobFolder(id, 7, never)).rejects.toMatchObject({ code: "ENAMETOOLONG" });
  expect(await readdir(join(folder, "jobs", String(process.pid)))).toEqual([]);
  await db.repositoryFile.deleteMany({ where: { repositoryId: id, name } });
});

test("each job marks cached files as used, so that they are not removed while it copies them", async () => {
  const cached = await cacheLevels();
  await age(cached, hours(1_000));
  expect(await runOnce()).toBe(new TextDecoder().decode(bytes));
  await removeFile(ada, levels);
  await clearFolders();
  expect((await stat(cached)).size).toBe(bytes.length);
  await age(cached, hours(1.1));
  await clearFolders();
  await expect(stat(cached)).rejects.toMatchObject({ code: "ENOENT" });
});

test("the cache keeps its size: what was not used for the longest time goes, and jobs get every file all the same", async () => {
  await createRepository(ada, { name: "Wide", description: "" });
  const owner = await actorOf("ada", new Date());
  const { id } = await repositoryFor(owner, "Wide", "read");
  const contents = new Map(["a", "b", "c", "d"].map((name) => [`${name}.bin`, randomBytes(2_000_000)]));
  for (const [file, content] of contents) await putFile(owner, { repository: "Wide", file }, content);
  await putFile(owner, { repository: "Wide", file: "huge.bin" }, randomBytes(6_000_000));
  const sizeOfCache = async () => {
    const sizes = await Promise.all((await readdir(cache)).map(async (name) => (await stat(join(cache, name))).size));
    return sizes.reduce((sum, size) => sum + size, 0);
  };
  const jobs = await Promise.all([1, 2, 3, 4].map((job) => makeJobFolder(id, job, never)));
  for (const { files, remove } of jobs) {
    for (const [name, content] of contents) expect((await readFile(join(files, name))).equals(content)).toBe(true);
    expect((await stat(join(files, "huge.bin"))).size).toBe(6_000_000);
    await remove();
  }
  expect(await sizeOfCache()).toBeLessThanOrEqual(5_000_000);

  // Processes that shrink it at the same time may remove more than they must.
  await (await makeJobFolder(id, 5, never)).remove();
  const used = await readdir(cache);
  expect(used).toHaveLength(2);
  for (const name of used) await age(join(cache, name), hours(1));
  const old = used[0] ?? "";
  await age(join(cache, old), hours(2));
  await putFile(owner, { repository: "Wide", file: "new.bin" }, randomBytes(2_000_000));
  await removeRepositoryFiles(owner, [...contents.keys(), "huge.bin"]);
  await (await makeJobFolder(id, 6, never)).remove();
  expect(await readdir(cache)).not.toContain(old);
  expect(await readdir(cache)).toHaveLength(2);
});

test("a job gets the files that were there when it began, also those that are removed meanwhile", async () => {
  await createRepository(ada, { name: "Brief", description: "" });
  const owner = await actorOf("ada", new Date());
  const { id } = await repositoryFor(owner, "Brief", "read");
  for (const file of ["a.bin", "b.bin"]) await putFile(owner, { repository: "Brief", file }, randomBytes(1_000));
  const retire = "UPDATE contents SET sha256 = NULL, remove_at = now() + interval '5 minutes' WHERE sha256 = ANY ($1)";
  const rows = await db.repositoryFile.findMany({ where: { repositoryId: id } });
  const { files, remove } = await blockedBy([["LOCK file_chunks"]], () => makeJobFolder(id, 9, never), [
    ["DELETE FROM repository_files WHERE repository_id = $1", id],
    [retire, rows.map(({ sha256 }) => sha256)],
  ]);
  expect((await readdir(files)).toSorted()).toEqual(["a.bin", "b.bin"]);
  await remove();
  const { rows: kept } = await pool().query("SELECT FROM contents WHERE remove_at > now() + interval '50 minutes'");
  expect(kept).toHaveLength(2);
});

test.each([0, 5, 40])(
  "a cached file of %s bytes, as a full disk or a power cut leaves, is read from its store again",
  async (left) => {
    const cached = await cacheLevels();
    await writeFile(cached, new Uint8Array(left));
    expect(await runOnce()).toBe(new TextDecoder().decode(bytes));
    expect(await readFile(cached)).toEqual(Buffer.from(bytes));
  },
);

test("a draft of a killed process goes before cached files, and one that is being written stays", async () => {
  const cached = await cacheLevels();
  for (const name of [draft("e"), draft("f")]) await writeFile(join(cache, name), Buffer.alloc(2_600_000));
  await age(join(cache, draft("e")), hours(1.1));
  await putFile(ada, { repository: "Rivers", file: "other.csv" }, randomBytes(10));
  await runOnce();
  const names = await readdir(cache);
  expect(names).toEqual(expect.arrayContaining([cached.slice(-64), draft("f")]));
  expect(names).not.toContain(draft("e"));
});

async function removeRepositoryFiles(who: Actor, names: string[]): Promise<void> {
  for (const file of names) await removeFile(who, { repository: "Wide", file });
}

test("where the server is root, a query runs as an account of its own, which owns what it wrote", async () => {
  const account = await engineAccount();
  expect(account === null).toBe(process.getuid?.() !== 0);
  await putFile(ada, levels, bytes);
  const { id } = await repositoryFor(ada, "Rivers", "read");
  const { files, result, remove, ...owner } = await makeJobFolder(id, 8, never);
  expect(owner).toEqual({ account });
  const limits = { memoryMb: 128, seconds: 60, outputMb: 1 };
  const order = {
    sql: "SELECT level FROM 'levels.csv'",
    values: {},
    format: "json" as const,
    limits,
    account,
    repositoryId: id,
  };
  expect(await runQuery({ ...order, folder: files, result })).toMatchObject({ rows: 1 });
  const uid = account?.uid ?? process.getuid?.();
  expect([(await stat(result)).uid, (await stat(files)).uid]).toEqual([uid, uid]);
  expect(account?.uid).not.toBe(0);
  await remove();
});
