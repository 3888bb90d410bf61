import { createHash, randomUUID } from "node:crypto";
import { constants, copyFile, mkdir, open, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { hours } from "../clock";
import { db } from "../db";
import { env } from "../env";
import { contentChunks } from "../repositories/content";

/** `files` is a folder with copies of the repository's data files, `result` the path for the result. */
export interface JobFolder {
  files: string;
  result: string;
  remove(): Promise<void>;
}

const jobsFolder = () => join(/* turbopackIgnore: true */ env().dataDir, "jobs");
const cacheFolder = () => join(/* turbopackIgnore: true */ env().dataDir, "cache", "files");

/** Creates the folder of a job. Data files are read from the database once and then cached on this machine. */
export async function makeJobFolder(repositoryId: string, jobId: number): Promise<JobFolder> {
  const folder = join(jobsFolder(), String(process.pid), `${jobId}-${randomUUID()}`);
  const files = join(folder, "files");
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    await mkdir(files, { recursive: true, mode: 0o700 });
    const where = { repositoryId };
    const dataFiles = await db.repositoryFile.findMany({ where, select: { name: true, sha256: true } });
    for (const { name, sha256 } of dataFiles) await copy(await fetchContent(sha256), join(files, name));
  } catch (error) {
    await remove();
    throw error;
  }
  return { files, result: join(folder, "result"), remove };
}

/** Removes the job folders of ended processes, and cached content that no data file has any more. Other processes on
 * this machine use the same cache, so content that was written or used in the last hour is kept. */
export async function clearFolders(): Promise<void> {
  for (const name of await entriesOf(jobsFolder())) {
    if (!isOtherLiveProcess(Number(name))) await rm(join(jobsFolder(), name), { recursive: true, force: true });
  }
  const known = await db.repositoryFile.findMany({ distinct: ["sha256"], select: { sha256: true } });
  const digests = new Set(known.map(({ sha256 }) => sha256));
  for (const name of await entriesOf(cacheFolder())) {
    const path = join(cacheFolder(), name);
    if (!digests.has(name) && (await isUnusedFor(path, hours(1)))) await rm(path, { force: true });
  }
}

/** Returns the path of content in the cache. The file appears there complete and verified, or not at all. */
async function fetchContent(sha256: string): Promise<string> {
  const path = join(cacheFolder(), sha256);
  if (await markUsed(path)) return path;
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

/** A link would let a query that managed to write change the cache, which other repositories read. */
const copy = (from: string, to: string) => copyFile(from, to, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);

/** Returns whether the file is there. */
async function markUsed(path: string): Promise<boolean> {
  const at = new Date();
  return falseIfMissing(utimes(path, at, at).then(() => true));
}

const isUnusedFor = (path: string, ms: number): Promise<boolean> =>
  falseIfMissing(stat(path).then(({ mtimeMs }) => mtimeMs < Date.now() - ms));

const falseIfMissing = (answer: Promise<boolean>): Promise<boolean> =>
  answer.catch((error) => {
    if (error.code === "ENOENT") return false;
    throw error;
  });

const entriesOf = (folder: string): Promise<string[]> =>
  readdir(folder).catch((error) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });

function isOtherLiveProcess(pid: number): boolean {
  if (pid === process.pid || !Number.isInteger(pid)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
