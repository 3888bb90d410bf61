import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { db } from "@/lib/db";
import { ensureBuilt } from "@/lib/server/build";
import { freePort } from "@/lib/server/database";
import { actorOf, introduceCast } from "@/testing/cast";
import { makeDataFolder } from "@/testing/data-folder";
import { LargeFile, transfer } from "@/testing/large-file";
import { startS3Server } from "@/testing/s3-server";
import { type ServerProcess, startServer } from "@/testing/tested-server";
import { makeToken } from "@/testing/tokens";

// 200 MB, or as many as LARGE_FILE_MB says: `LARGE_FILE_MB=2000 npm test -- faults` tries the default limit.
vi.setConfig({ testTimeout: 900_000, hookTimeout: 600_000 });
const megabytes = Number(process.env.LARGE_FILE_MB ?? 200);
const memoryMax = 64_000_000;

let folder: string;
let authorization: string;

beforeAll(async () => {
  await ensureBuilt();
  folder = await makeDataFolder();
  await introduceCast(new Date());
  const { value } = await makeToken(await actorOf("ada", new Date()), { allPermissions: true });
  authorization = `Bearer ${value}`;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const stores = [
  ["PostgreSQL", async () => ({ settings: {}, countObjects: async () => 0, stop: async () => {} })],
  ["an S3 store", () => startS3Server()],
] as const;

describe.each(stores)("with data files in %s", (_, startStore) => {
  let server: ServerProcess;
  let store: Awaited<ReturnType<typeof startStore>>;
  let settings: Record<string, string>;
  const log = () => join(folder, "server.log");
  const urlOf = (name: string) => `${server.origin}/api/v1/repositories/Rivers/files/${name}`;

  beforeAll(async () => {
    store = await startStore();
    settings = { PORT: String(await freePort(0)), TESSERA_DATA_DIR: folder, ...store.settings };
    server = await startServer(settings, log());
  });
  afterAll(async () => {
    await server.stop();
    await store.stop();
  });

  /** Runs `work` and returns by how much the memory of the server grew meanwhile, in bytes. */
  async function memoryOf<T>(work: () => Promise<T>): Promise<{ result: T; grew: number }> {
    const before = await readMemory();
    let most = before;
    const watching = new AbortController();
    const watch = (async () => {
      while (!watching.signal.aborted) {
        most = Math.max(most, await readMemory());
        await delay(50);
      }
    })();
    const result = await work();
    watching.abort();
    await watch;
    return { result, grew: most - before };
  }

  async function readMemory(): Promise<number> {
    const text = await (await fetch(`${server.origin}/metrics`)).text();
    return Number(/^process_resident_memory_bytes (\d+)$/m.exec(text)?.[1]);
  }

  test(`a file of ${megabytes} MB goes in and out in little memory`, async () => {
    const warm = new LargeFile(20);
    for (let turn = 0; turn < 2; turn++) {
      await transfer(urlOf("warm.bin"), "PUT", { authorization }, warm.parts());
      await transfer(urlOf("warm.bin"), "GET", { authorization });
    }
    const file = new LargeFile(megabytes);
    const sha256 = file.sha256();
    const headers = { authorization, "content-length": String(file.size) };
    let began = performance.now();
    const upload = await memoryOf(() => transfer(urlOf("large.bin"), "PUT", headers, file.parts()));
    const uploadSeconds = (performance.now() - began) / 1000;
    expect([upload.result.status, upload.result.text]).toEqual([201, expect.stringContaining(sha256)]);
    began = performance.now();
    const download = await memoryOf(() => transfer(urlOf("large.bin"), "GET", { authorization }));
    const downloadSeconds = (performance.now() - began) / 1000;
    expect(download.result).toMatchObject({ status: 200, size: file.size, sha256 });
    console.log(
      `${megabytes} MB: in after ${uploadSeconds.toFixed(1)} s with ${(upload.grew / 1e6).toFixed(0)} MB, ` +
        `out after ${downloadSeconds.toFixed(1)} s with ${(download.grew / 1e6).toFixed(0)} MB`,
    );
    expect(upload.grew).toBeLessThan(memoryMax);
    expect(download.grew).toBeLessThan(memoryMax);
    const middle = { authorization, range: `bytes=${file.size / 2 - 5}-${file.size / 2 + 4}` };
    expect((await transfer(urlOf("large.bin"), "GET", middle)).size).toBe(10);
    for (const name of ["large.bin", "warm.bin"]) await transfer(urlOf(name), "DELETE", { authorization });
  });

  test("a server killed in the middle of an upload leaves nothing half, and an upload in parts goes on", async () => {
    const file = new LargeFile(50);
    await sweep();
    await expect.poll(countUnused, pollOptions).toBe(0);
    const before = await count();
    const plain = transfer(urlOf("plain.bin"), "PUT", { authorization }, stalling(file, 30));
    const begun = await transfer(urlOf("parts.bin"), "PUT", { authorization, "upload-complete": "?0" });
    const upload = `${server.origin}${begun.headers.location}`;
    const part = { authorization, "content-type": "application/partial-upload" };
    const rest = { ...part, "upload-offset": "0", "upload-complete": "?1" };
    const parts = transfer(upload, "PATCH", rest, stalling(file, 30));
    // The server is killed while it holds most of both.
    await expect.poll(received, pollOptions).toEqual([expect.any(Number), expect.any(Number)]);
    const broken = Promise.allSettled([plain, parts]);
    await server.kill();
    expect((await broken).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    // An hour passes for what cannot be continued.
    await db.$executeRaw`UPDATE uploads SET touched_at = now() - interval '2 hours' WHERE NOT completed`;
    server = await startServer(settings, log());

    expect((await transfer(urlOf("plain.bin"), "GET", { authorization })).status).toBe(404);
    await expect.poll(() => db.upload.count({ where: { resumable: false } }), pollOptions).toBe(0);
    const head = await transfer(upload, "HEAD", { authorization });
    const offset = Number(head.headers["upload-offset"]);
    expect(offset).toBeGreaterThan(10_000_000);
    const last = {
      ...part,
      "upload-offset": String(offset),
      "upload-complete": "?1",
      "upload-length": String(file.size),
    };
    expect((await transfer(upload, "PATCH", last, from(file, offset))).status).toBe(201);
    const whole = await transfer(urlOf("parts.bin"), "GET", { authorization });
    expect([whole.size, whole.sha256]).toEqual([file.size, file.sha256()]);
    await transfer(urlOf("parts.bin"), "DELETE", { authorization });
    await sweep();
    await expect.poll(count, pollOptions).toEqual(before);
  });

  /** Lets the hour pass for which unused contents stay, and starts the server again, which then removes them. */
  async function sweep(): Promise<void> {
    await db.$executeRaw`
      UPDATE contents SET sha256 = NULL, remove_at = now()
      WHERE NOT EXISTS (SELECT FROM repository_files f WHERE f.sha256 = contents.sha256)
        AND NOT EXISTS (SELECT FROM uploads WHERE content_id = contents.id)`;
    await server.stop();
    server = await startServer(settings, log());
  }

  const countUnused = () => db.content.count({ where: { files: { none: {} }, uploads: { none: {} } } });

  /** What is stored of files. */
  const count = async () => ({
    contents: await db.content.count(),
    chunks: await db.fileChunk.count(),
    objects: await store.countObjects(),
  });
});

const pollOptions = { timeout: 60_000, interval: 100 };

/** The bytes that the server has of each unfinished upload with more than 10 MB. */
async function received(): Promise<number[]> {
  const rows = await db.upload.findMany({ where: { completed: false }, select: { received: true } });
  return rows.map((row) => Number(row.received)).filter((size) => size > 10_000_000);
}

/** The first megabytes of a file, and then nothing more. */
async function* stalling(file: LargeFile, megabytes: number): AsyncGenerator<Buffer> {
  let sent = 0;
  for (const part of file.parts()) {
    if (sent++ === megabytes) await new Promise(() => {});
    yield part;
  }
}

function* from(file: LargeFile, offset: number): Generator<Buffer> {
  let at = 0;
  for (const part of file.parts()) {
    if (at + part.length > offset) yield part.subarray(Math.max(0, offset - at));
    at += part.length;
  }
}
