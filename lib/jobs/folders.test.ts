import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { hours, later } from "@/lib/clock";
import type { Actor } from "@/lib/permissions/actor";
import { putFile, removeFile } from "@/lib/repositories/commands";
import { repositoryFor } from "@/lib/repositories/queries";
import { actorOf, introduceCast } from "@/testing/cast";
import { clearFolders, makeJobFolder } from "./folders";

let folder: string;
let cache: string;
let ada: Actor;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tessera-folders-"));
  process.env.TESSERA_DATA_DIR = folder;
  cache = join(folder, "cache", "files");
  await introduceCast(new Date());
  ada = await actorOf("ada", new Date());
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(() => rm(cache, { recursive: true, force: true }));

const bytes = new TextEncoder().encode("day,level\nMon,90\n");
const levels = { repository: "Rivers", file: "levels.csv" };
const digest = (letter: string) => letter.repeat(64);
const draft = (letter: string) => `${digest(letter)}.0c9e4f3a-6d1b-4f0e-9a57-2f4b8f3f5a11`;

/** Makes a file look as if nobody had written to it or used it for that long. */
async function rested(path: string, milliseconds: number): Promise<void> {
  const at = later(new Date(), -milliseconds);
  await utimes(path, at, at);
}

/** Puts Ada's file there and brings it into the cache, as a job does. Answers its place in the cache. */
async function cachedLevels(): Promise<string> {
  const { file } = await putFile(ada, levels, bytes);
  await runOnce();
  return join(cache, file.sha256);
}

async function runOnce(): Promise<string> {
  const { id } = await repositoryFor(ada, "Rivers", "read");
  const { files, remove } = await makeJobFolder(id, 1);
  const text = await readFile(join(files, levels.file), "utf8");
  await remove();
  return text;
}

test("a server that starts leaves what others of its machine are fetching, and clears what they left", async () => {
  await mkdir(cache, { recursive: true });
  for (const name of [digest("a"), draft("b"), digest("c"), draft("d")]) await writeFile(join(cache, name), bytes);
  for (const name of [digest("c"), draft("d")]) await rested(join(cache, name), hours(1.1));
  const known = await cachedLevels();
  await rested(known, hours(1_000));
  await clearFolders();
  expect(await readdir(cache).then((names) => names.toSorted())).toEqual(
    [digest("a"), draft("b"), known.slice(-64)].toSorted(),
  );
});

test("what is cached counts as used by each job, so that it is not cleared from under one", async () => {
  const known = await cachedLevels();
  await rested(known, hours(1_000));
  expect(await runOnce()).toBe(new TextDecoder().decode(bytes));
  await removeFile(ada, levels);
  await clearFolders();
  expect((await stat(known)).size).toBe(bytes.length);
  await rested(known, hours(1.1));
  await clearFolders();
  await expect(stat(known)).rejects.toMatchObject({ code: "ENOENT" });
});
