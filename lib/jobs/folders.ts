import { randomUUID } from "node:crypto";
import { constants, copyFile, mkdir, open, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import pLimit from "p-limit";
import { hours } from "../clock";
import { db } from "../db";
import { engineAccount, enterableFolder, giveToEngine, makePassage } from "../engine/account";
import { env } from "../env";
import { Prisma } from "../generated/prisma/client";
import { isOtherLiveProcess } from "../live-process";
import { perProcess } from "../per-process";
import { keepContents, readWholeContent, type StoredContent } from "../repositories/content";
import type { SystemAccount } from "../system-account";

/** `files` is a folder with copies of the repository's data files, `result` the path for the result. */
export interface JobFolder {
  files: string;
  result: string;
  /** The account that owns them. */
  account: SystemAccount | null;
  remove(): Promise<void>;
}

export interface DataFile {
  name: string;
  sha256: string;
  size: number;
  content: StoredContent;
}

/** The data files of a repository as an expression, a list of {@link DataFile} in JSON. */
export const dataFilesIn = (repositoryId: string | null) => Prisma.sql`(
  SELECT coalesce(json_agg(json_build_object('name', f.name, 'sha256', f.sha256, 'size', f.size,
    'content', json_build_object('id', c.id, 'chunkBytes', c.chunk_bytes))), '[]')
  FROM repository_files f JOIN contents c ON c.sha256 = f.sha256 WHERE f.repository_id = ${repositoryId}::uuid)`;

const jobsFolder = () => enterableFolder(join(/* turbopackIgnore: true */ env().dataDir, "jobs"));
const cacheFolder = () => join(/* turbopackIgnore: true */ env().dataDir, "cache", "files");

/** The folder in which this process makes those of its jobs. */
const ownFolder = perProcess("folder of jobs", async () => {
  const jobs = await jobsFolder();
  const own = join(jobs, String(process.pid));
  for (const passage of [jobs, own]) await makePassage(passage);
  return own;
});

/** Small files are copied fast; their number is what takes time. */
const copiesAtOnce = 8;

/** Creates the folder of a job. Data files are read from their store once and then cached on this machine. Throws the
 * reason of `signal` once it is aborted. */
export async function makeJobFolder(
  dataFiles: readonly DataFile[],
  jobId: number,
  signal: AbortSignal,
): Promise<JobFolder> {
  const folder = await makeFolder(`${jobId}-${randomUUID()}`);
  const account = await engineAccount();
  const files = join(folder, "files");
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    await mkdir(files, { mode: 0o700 });
    const missing = await copyCached(dataFiles, files, signal);
    const keep = () => keepContents(dataFiles.map(({ content }) => content.id));
    for (const file of missing) await provide(file, join(files, file.name), keep, signal);
    const paths = dataFiles.map(({ name }) => join(files, name));
    if (account) await giveToEngine(paths, [files, folder], account);
  } catch (error) {
    await remove();
    throw error;
  }
  return { files, result: join(folder, "result"), account, remove };
}

/** Creates a folder, and again those above it if they have gone. */
async function makeFolder(name: string): Promise<string> {
  const make = async () => {
    const folder = join(await ownFolder(), name);
    await mkdir(folder, { mode: 0o700 });
    return folder;
  };
  return make().catch(() => {
    ownFolder.clear();
    return make();
  });
}

/** Copies the files that are in the cache, and returns the others. Nothing is being copied any more when it throws. */
async function copyCached(dataFiles: readonly DataFile[], folder: string, signal: AbortSignal): Promise<DataFile[]> {
  const limit = pLimit(copiesAtOnce);
  const copy = async (file: DataFile) => !signal.aborted && copyFromCache(file, join(folder, file.name));
  const outcomes = await Promise.allSettled(dataFiles.map((file) => limit(copy, file)));
  signal.throwIfAborted();
  return dataFiles.filter((_, index) => {
    const outcome = outcomes[index];
    if (outcome?.status === "rejected") throw outcome.reason;
    return !outcome?.value;
  });
}

/** Returns false when the content is not there. Another process may evict it at any moment; a copy that has begun is
 * still completed. */
async function copyFromCache({ sha256, size }: DataFile, path: string): Promise<boolean> {
  const cached = join(cacheFolder(), sha256);
  const [isCopied] = await Promise.all([falseIfMissing(copyWhole(cached, path, size)), markUsed(cached)]);
  return isCopied;
}

/** Removes the job folders of ended processes, and cached content that no data file has any more. Other processes on
 * this machine use the same cache, so content that was written or used in the last hour is kept. */
export async function clearFolders(): Promise<void> {
  const jobs = await jobsFolder();
  for (const name of await entriesOf(jobs)) {
    if (!isOtherLiveProcess(Number(name))) await rm(join(jobs, name), { recursive: true, force: true });
  }
  await shrinkCache();
  const known = await db.repositoryFile.findMany({ distinct: ["sha256"], select: { sha256: true } });
  const digests = new Set(known.map(({ sha256 }) => sha256));
  for (const name of await entriesOf(cacheFolder())) {
    const path = join(cacheFolder(), name);
    if (!digests.has(name) && (await isUnusedFor(path, hours(1)))) await rm(path, { force: true });
  }
}

/** Copies content from the cache to a path, or else from its store, and then keeps a copy in the cache. `keep` is called
 * before the store is read. */
async function provide(file: DataFile, path: string, keep: () => Promise<void>, signal: AbortSignal): Promise<void> {
  const { sha256, size } = file;
  signal.throwIfAborted();
  if (await copyFromCache(file, path)) return;
  const cached = join(cacheFolder(), sha256);
  await keep();
  await fetchContent(file, path, signal);
  if (size > cacheBytesMax()) return;
  await mkdir(cacheFolder(), { recursive: true, mode: 0o700 });
  const draft = `${cached}.${randomUUID()}`;
  try {
    await copy(path, draft);
    await writeToDisk(draft);
    await rename(draft, cached);
  } finally {
    await rm(draft, { force: true });
  }
  await shrinkCache();
}

async function fetchContent({ content, ...whole }: DataFile, path: string, signal: AbortSignal): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    for await (const chunk of readWholeContent(content, whole)) {
      signal.throwIfAborted();
      await file.writeFile(chunk);
    }
  } finally {
    await file.close();
  }
}

const cacheBytesMax = () => env().fileCacheMb * 1_000_000;

/** Removes what was not used for the longest time, until the cache has its size. Drafts count, and stay until
 * they are an hour old: then their process was killed. */
async function shrinkCache(): Promise<void> {
  const found = await Promise.all((await entriesOf(cacheFolder())).map(describeEntry));
  const entries = found.filter((entry) => entry !== null).sort((a, b) => a.usedAt - b.usedAt);
  let excess = entries.reduce((sum, { size }) => sum + size, -cacheBytesMax());
  for (const { path, size, usedAt, isDraft } of entries) {
    if (excess <= 0) return;
    if (isDraft && usedAt > Date.now() - hours(1)) continue;
    await rm(path, { force: true });
    excess -= size;
  }
}

/** Returns null for a file that another process has just removed. */
async function describeEntry(name: string) {
  const path = join(cacheFolder(), name);
  const found = await stat(path).catch(nullIfMissing);
  return found && { path, size: found.size, usedAt: found.mtimeMs, isDraft: name.includes(".") };
}

/** A link would let a query that managed to write change the cache, which other repositories read. */
const copy = (from: string, to: string) => copyFile(from, to, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);

/** Returns whether the copy has that size. One of another size, as a full disk or a power cut may leave, is removed. */
async function copyWhole(from: string, to: string, size: number): Promise<boolean> {
  await copy(from, to);
  if ((await stat(to)).size === size) return true;
  await rm(to);
  await rm(from, { force: true });
  return false;
}

/** After a power cut, a file that was renamed before its bytes were on disk would be there and empty. */
async function writeToDisk(path: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

async function markUsed(path: string): Promise<void> {
  const at = new Date();
  await utimes(path, at, at).catch(nullIfMissing);
}

const isUnusedFor = (path: string, ms: number): Promise<boolean> =>
  falseIfMissing(stat(path).then(({ mtimeMs }) => mtimeMs < Date.now() - ms));

const falseIfMissing = async (answer: Promise<boolean>): Promise<boolean> =>
  (await answer.catch(nullIfMissing)) ?? false;

function nullIfMissing(error: NodeJS.ErrnoException): null {
  if (error.code === "ENOENT") return null;
  throw error;
}

const entriesOf = async (folder: string): Promise<string[]> => (await readdir(folder).catch(nullIfMissing)) ?? [];
