import { randomBytes } from "node:crypto";
import type { RequestListener } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { db } from "@/lib/db";
import type { Actor } from "@/lib/permissions/actor";
import { actorOf, introduceCast } from "@/testing/cast";
import { removeUnusedBytes } from "@/testing/remove-unused-bytes";
import { type S3Server, startS3Server } from "@/testing/s3-server";
import { removeAbandoned } from "./clean-up";
import { removeFile } from "./commands";
import { putFile } from "./put-file";
import { readFile } from "./queries";
import { appendToUpload, cancelUpload, createUpload, findUpload } from "./uploads";

const chunk = 8_388_608;
const path = { repository: "Rivers", file: "gauge.bin" };

let server: S3Server;
let ada: Actor;

beforeAll(async () => {
  server = await startS3Server();
  Object.assign(process.env, server.settings);
  await introduceCast(new Date());
  ada = await actorOf("ada", new Date());
});
afterAll(() => server.stop());

async function stored(range?: { start: number; end: number }, file = path): Promise<Buffer> {
  return readAll((await readFile(ada, file)).read(range));
}

async function readAll(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  return Buffer.concat(parts);
}

/** The numbers of objects, of their names, and of chunks in objects, once unused ones are removed. */
async function counts(): Promise<number[]> {
  await removeUnusedBytes();
  const chunks = await db.fileChunk.count({ where: { object: { not: null } } });
  return [await server.countObjects(), await db.storedObject.count(), chunks];
}

test("a file lies in the bucket, is read in parts, and goes when the last of its names goes", async () => {
  const file = randomBytes(2 * chunk + 77);
  await putFile(ada, path, file);
  const copy = { repository: "Rivers", file: "copy.bin" };
  await putFile(ada, copy, file);
  expect(await counts()).toEqual([3, 3, 3]);
  expect((await stored()).equals(file)).toBe(true);
  const [start, end] = [chunk - 3, 2 * chunk + 5];
  expect((await stored({ start, end })).equals(file.subarray(start, end))).toBe(true);
  await removeFile(ada, path);
  expect((await stored(undefined, copy)).equals(file)).toBe(true);
  await putFile(ada, copy, randomBytes(5));
  expect(await counts()).toEqual([1, 1, 1]);
  await removeFile(ada, copy);
  expect(await counts()).toEqual([0, 0, 0]);
});

test("an upload in parts goes on where it was, and leaves nothing when it is cancelled or abandoned", async () => {
  const file = randomBytes(chunk + 1_000);
  const { id } = await createUpload(ada, path, { chunks: [file.subarray(0, 1_000)] });
  await appendToUpload(ada, id, { offset: 1_000, complete: true, chunks: [file.subarray(1_000)] });
  expect((await stored()).equals(file)).toBe(true);
  await removeFile(ada, path);
  const cancelled = await createUpload(ada, path, { chunks: [file] });
  expect(await counts()).toEqual([1, 1, 1]);
  await cancelUpload(ada, cancelled.id);
  expect(await counts()).toEqual([0, 0, 0]);
  await createUpload(ada, path, { chunks: [file] });
  await db.$executeRaw`UPDATE uploads SET touched_at = now() - interval '25 hours'`;
  expect(await counts()).toEqual([0, 0, 0]);
});

test("files that were stored in PostgreSQL stay readable", async () => {
  const root = await actorOf("root", new Date());
  const { file, read } = await readFile(root, { repository: "Samples", file: "earthquakes.json" });
  let size = 0;
  for await (const part of read()) size += part.byteLength;
  expect(size).toBe(file.size);
});

test("while the store is away, uploads and downloads are refused as unavailable, and go on afterwards", async () => {
  const file = randomBytes(chunk + 500_000);
  await putFile(ada, path, file);
  const { id } = await createUpload(ada, { ...path, file: "later.bin" }, { chunks: [] });
  await server.pause();
  const unavailable = { code: "unavailable", headers: { "Retry-After": "2" } };
  await expect(stored()).rejects.toMatchObject(unavailable);
  await expect(putFile(ada, path, file)).rejects.toMatchObject(unavailable);
  await expect(appendToUpload(ada, id, { offset: 0, complete: true, chunks: [file] })).rejects.toMatchObject(
    unavailable,
  );
  await removeFile(ada, path);
  await server.resume();
  const { received } = await findUpload(ada, id);
  await appendToUpload(ada, id, { offset: received, complete: true, chunks: [file.subarray(received)] });
  expect((await stored(undefined, { ...path, file: "later.bin" })).equals(file)).toBe(true);
  await removeUnusedBytes();
  expect(await db.content.count({ where: { sha256: null } })).toBe(0);
});

test("an object that is being written when its upload is cancelled is removed after it was written", async () => {
  const before = await counts();
  const { id } = await createUpload(ada, path, { chunks: [] });
  const requests: string[] = [];
  const written: (() => void)[] = [];
  await server.pause((request, response) => {
    requests.push(`${request.method} ${request.url?.split("?")[0]}`);
    if (request.method === "PUT") written.push(() => response.setHeader("ETag", '"etag"').end());
    else response.writeHead(204).end();
  });
  const appended = appendToUpload(ada, id, { offset: 0, complete: true, chunks: [randomBytes(10)] });
  appended.catch(() => undefined);
  await expect.poll(() => written.length).toBe(1);
  await cancelUpload(ada, id);
  await removeAbandoned(new AbortController().signal);
  requests.push("written");
  written[0]?.();
  await expect(appended).rejects.toMatchObject({ code: "conflict" });
  const [put = ""] = requests;
  expect(requests).toEqual([put, "written", put.replace("PUT", "DELETE")]);
  await server.resume();
  expect(await counts()).toEqual(before);
});

describe("a store that", () => {
  const beginBody: RequestListener = (_, response) => {
    response.writeHead(206, { "Content-Length": 500_000 });
    response.write(Buffer.alloc(1_000));
  };
  const cutBody: RequestListener = (request, response) => {
    beginBody(request, response);
    setTimeout(() => response.destroy(), 100);
  };

  const answerBytes =
    (bytes: number, headers: Record<string, string> = {}): RequestListener =>
    (_, response) =>
      void response.writeHead(headers["Content-Range"] ? 206 : 200, headers).end(Buffer.alloc(bytes));

  test.each<[string, RequestListener]>([
    ["too few", answerBytes(400, { "Content-Range": "bytes 1000-1499/500000" })],
    ["too many", answerBytes(501, { "Content-Range": "bytes 1000-1499/500000" })],
    ["those of another range", answerBytes(500, { "Content-Range": "bytes 0-499/500000" })],
    ["the whole object", answerBytes(500_000)],
    ["a page of another server", answerBytes(27, { "Content-Type": "text/html" })],
  ])("answers other bytes is unavailable and never a file: %s", async (_, answer) => {
    await putFile(ada, path, randomBytes(500_000));
    const { read } = await readFile(ada, path);
    await server.pause(answer);
    const reading = readAll(read({ start: 1_000, end: 1_500 }));
    await expect(reading)
      .rejects.toMatchObject({ code: "unavailable" })
      .finally(() => server.resume());
    await removeFile(ada, path);
  });

  test("answers other bytes of the same length gives no whole file", async () => {
    const file = randomBytes(500_000);
    await putFile(ada, path, file);
    const { read } = await readFile(ada, path);
    const other = Buffer.from(file);
    other[1_000] = 255 - (file[1_000] ?? 0);
    await server.pause((_, response) => void response.writeHead(206, { "Content-Length": other.length }).end(other));
    const received: Uint8Array[] = [];
    const reading = (async () => {
      for await (const part of read()) received.push(part);
    })();
    await expect(reading)
      .rejects.toThrow("is not whole")
      .finally(() => server.resume());
    expect(Buffer.concat(received).length).toBeLessThan(file.length);
    await removeFile(ada, path);
  });

  test("answers an upload with a page of its own has stored nothing", async () => {
    const other = { ...path, file: "portal.bin" };
    await server.pause((_, response) => void response.writeHead(200, { "Content-Type": "text/html" }).end("<html>"));
    await expect(putFile(ada, other, randomBytes(500)))
      .rejects.toMatchObject({ code: "unavailable" })
      .finally(() => server.resume());
    await expect(readFile(ada, other)).rejects.toMatchObject({ code: "not-found" });
  });

  test.each<[string, { answer: RequestListener; isSilent: boolean }]>([
    ["never answers", { answer: () => undefined, isSilent: true }],
    ["stops in the middle of a body", { answer: beginBody, isSilent: true }],
    ["cuts the connection in the middle of a body", { answer: cutBody, isSilent: false }],
  ])("%s is unavailable, which is no outage of the database", async (_, { answer, isSilent }) => {
    await putFile(ada, path, randomBytes(500_000));
    const { read } = await readFile(ada, path);
    await server.pause(answer);
    if (isSilent) vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      let outcome: unknown;
      const reading = readAll(read()).catch((error) => error);
      reading.then((found) => {
        outcome = found;
      });
      for (const deadline = Date.now() + 20_000; outcome === undefined && Date.now() < deadline; ) {
        await pause(10);
        if (isSilent) await vi.advanceTimersByTimeAsync(1_000);
      }
      expect(outcome).toMatchObject({ code: "unavailable", headers: { "Retry-After": "2" } });
    } finally {
      vi.useRealTimers();
      await server.resume();
    }
    await removeFile(ada, path);
  });
});
