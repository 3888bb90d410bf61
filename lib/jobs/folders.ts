import { createHash, randomUUID } from "node:crypto";
import { constants, copyFile, mkdir, open, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { hours } from "../clock";
import { db } from "../db";
import { env } from "../env";
import { contentChunks } from "../repositories/content";

/** Where a job works: `files` holds the repository's data files as they are now, `result` is where the result goes. */
export interface JobFolder {
  files: string;
  result: string;
  remove(): Promise<void>;
}

const jobsFolder = () => join(/* turbopackIgnore: true */ env().dataDir, "jobs");
const cacheFolder = () => join(/* turbopackIgnore: true */ env().dataDir, "cache", "files");

/** Makes the folder of a job. The data files come from the database, once per content and instance. */
export async function makeJobFolder(repositoryId: string, jobId: number): Promise<JobFolder> {
  const folder = join(jobsFolder(), String(process.pid), `${jobId}-${randomUUID()}`);
  const files = join(folder, "files");
  await mkdir(files, { recursive: true, mode: 0o700 });
  const wanted = await db.repositoryFile.findMany({ where: { repositoryId }, select: { name: true, sha256: true } });
  for (const { name, sha256 } of wanted) await copy(await cached(sha256), join(files, name));
  return { files, result: join(folder, "result"), remove: () => rm(folder, { recursive: true, force: true }) };
}

/**
 * Removes what processes that are gone left behind, and what was cached for files that are gone. Others of this machine may be
 * at work in the cache: what one of them wrote to or used in the last hour stays.
 */
export async function clearFolders(): Promise<void> {
  for (const name of await entriesOf(jobsFolder())) {
    if (!isOtherProcess(Number(name))) await rm(join(jobsFolder(), name), { recursive: true, force: true });
  }
  const known = await db.repositoryFile.findMany({ distinct: ["sha256"], select: { sha256: true } });
  const digests = new Set(known.map(({ sha256 }) => sha256));
  for (const name of await entriesOf(cacheFolder())) {
    const path = join(cacheFolder(), name);
    if (!digests.has(name) && (await restsFor(path, hours(1)))) await rm(path, { force: true });
  }
}

/** The path of a content on this machine. A file is put there whole and checked, or not at all. */
async function cached(sha256: string): Promise<string> {
  const path = join(cacheFolder(), sha256);
  if (await exists(path)) return path;
  await mkdir(cacheFolder(), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomUUID()}`;
  try {
    const hash = createHash("sha256");
    const file = await open(draft, "wx", 0o600);
    for await (const chunk of contentChunks(sha256)) {
      hash.update(chunk);
      await file.write(chunk);
    }
    await file.close();
    if (hash.digest("hex") !== sha256) throw new Error(`The stored content ${sha256} is not whole.`);
    await rename(draft, path);
    return path;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Never a link: a query that found a way to write would write into the cache, which other repositories read. */
const copy = (from: string, to: string) => copyFile(from, to, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);

/** Is it in the cache? It then counts as used at this moment. */
async function exists(path: string): Promise<boolean> {
  const at = new Date();
  return found(utimes(path, at, at).then(() => true));
}

/** Is it there, and has nobody written to or used it for so long? */
const restsFor = (path: string, milliseconds: number): Promise<boolean> =>
  found(stat(path).then(({ mtimeMs }) => mtimeMs < Date.now() - milliseconds));

/** What was asked about a file: no, when there is none. */
const found = (asked: Promise<boolean>): Promise<boolean> =>
  asked.catch((error) => {
    if (error.code === "ENOENT") return false;
    throw error;
  });

const entriesOf = (folder: string): Promise<string[]> =>
  readdir(folder).catch((error) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });

function isOtherProcess(pid: number): boolean {
  if (pid === process.pid || !Number.isInteger(pid)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
