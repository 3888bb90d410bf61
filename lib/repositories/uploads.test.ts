import { createHash, randomBytes, randomUUID } from "node:crypto";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { db } from "@/lib/db";
import { Refusal } from "@/lib/errors";
import type { Actor } from "@/lib/permissions/actor";
import { actorOf, introduceCast } from "@/testing/cast";
import { removeUnusedBytes } from "@/testing/remove-unused-bytes";
import { bearerOf, makeToken } from "@/testing/tokens";
import { createRepository, removeRepository } from "./commands";
import { putFile } from "./put-file";
import { listFiles, readFile } from "./queries";
import { withUploadSlot } from "./upload-slots";
import { appendToUpload, cancelUpload, createUpload, findUpload } from "./uploads";

const now = new Date();
const chunk = 1_048_576;
const path = { repository: "Rivers", file: "gauge.bin" };

let ada: Actor;
let eve: Actor;

beforeAll(async () => {
  await introduceCast(now);
  [ada, eve] = await Promise.all([actorOf("ada", now), actorOf("eve", now)]);
});

const sha256Of = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

async function stored(range?: { start: number; end: number }): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of (await readFile(ada, path)).read(range)) parts.push(part);
  return Buffer.concat(parts);
}

/** Sends bytes in pieces and then breaks off, as a lost connection does. */
async function* brokenOff(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 300_000) yield bytes.subarray(at, at + 300_000);
  throw new Refusal("invalid", "The body is incomplete.");
}

async function leftovers() {
  const uploads = await db.upload.count({ where: { completed: false } });
  await removeUnusedBytes();
  return { uploads, contents: await db.content.count({ where: { sha256: null } }) };
}
const nothing = { uploads: 0, contents: 0 };

test("a file in any parts, of which some break off, is the file that was sent", async () => {
  const whole = randomBytes(3 * chunk);
  const sizes = fc.oneof(fc.constantFrom(0, 1, chunk - 1, chunk, chunk + 1, 2 * chunk), fc.nat(3 * chunk));
  const cuts = fc.array(fc.record({ size: sizes, breaks: fc.boolean() }), { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(sizes, cuts, async (size, parts) => {
      const file = whole.subarray(0, size);
      const sha256 = sha256Of(file);
      const { id } = await createUpload(ada, path, { chunks: [], length: size, sha256 });
      let offset = 0;
      for (const { size: partSize, breaks } of parts) {
        const part = file.subarray(offset, offset + partSize);
        const chunks = breaks ? brokenOff(part) : [part];
        await appendToUpload(ada, id, { offset, complete: false, chunks }).catch((error) => {
          if (!breaks) throw error;
        });
        offset = (await findUpload(ada, id)).received;
        expect(offset).toBe(file.length - file.subarray(offset).length);
      }
      const last = { offset, complete: true, chunks: [file.subarray(offset)] };
      expect(await appendToUpload(ada, id, last)).toMatchObject({ file: { size, sha256 } });
      expect(sha256Of(await stored())).toBe(sha256);
      expect(await findUpload(ada, id)).toMatchObject({ completed: true, received: size });
    }),
    { numRuns: 25 },
  );
  expect(await leftovers()).toEqual(nothing);
});

test("any part of a file is read, across chunks", async () => {
  const file = randomBytes(2 * chunk + 5_000);
  await putFile(ada, path, file);
  const near = fc.constantFrom(0, chunk - 1, chunk, chunk + 1, 2 * chunk, file.length - 1);
  const position = fc.oneof(near, fc.nat(file.length - 1));
  await fc.assert(
    fc.asyncProperty(position, position, async (one, other) => {
      const [start, end] = [Math.min(one, other), Math.max(one, other) + 1];
      expect((await stored({ start, end })).equals(file.subarray(start, end))).toBe(true);
    }),
    { numRuns: 40 },
  );
});

describe("an upload", () => {
  const begin = (bytes: Uint8Array = randomBytes(10)) => createUpload(ada, path, { chunks: [bytes] });
  const rest = (offset: number, complete = true) => ({ offset, complete, chunks: [randomBytes(10)] });

  test("is continued, looked up and cancelled only by its user, who may still publish", async () => {
    const { id } = await begin();
    const reader = await bearerOf((await makeToken(ada, { permissions: ["repository/Rivers:read"] })).value, now);
    for (const act of [
      (who: Actor) => findUpload(who, id),
      (who: Actor) => appendToUpload(who, id, rest(10)),
      (who: Actor) => cancelUpload(who, id),
    ]) {
      await expect(act(eve)).rejects.toMatchObject({ code: "not-found" });
      await expect(act(reader)).rejects.toMatchObject({ code: "forbidden" });
    }
    await cancelUpload(ada, id);
    await expect(findUpload(ada, id)).rejects.toMatchObject({ code: "not-found" });
    expect(await leftovers()).toEqual(nothing);
  });

  test("refuses a part at another offset with the right one, and any after the last", async () => {
    const { id } = await begin();
    await expect(appendToUpload(ada, id, rest(9))).rejects.toMatchObject({
      code: "conflict",
      headers: { "Upload-Offset": "10" },
    });
    const before = await db.auditEvent.count();
    await appendToUpload(ada, id, rest(10));
    expect(await db.auditEvent.count()).toBe(before + 1);
    await expect(appendToUpload(ada, id, rest(20))).rejects.toMatchObject({ headers: { "Upload-Complete": "?1" } });
  });

  test("becomes no file when another one arrived than was announced", async () => {
    const file = { repository: "Rivers", file: "announced.bin" };
    const bytes = randomBytes(2_000_000);
    const other = sha256Of(randomBytes(1));
    await expect(putFile(ada, file, { chunks: [bytes], sha256: other })).rejects.toMatchObject({
      field: "repr-digest",
    });
    const { id } = await createUpload(ada, file, { chunks: [bytes], sha256: other });
    const last = { offset: bytes.length, complete: true, chunks: [] };
    await expect(appendToUpload(ada, id, last)).rejects.toMatchObject({ field: "repr-digest" });
    const short = await createUpload(ada, file, { chunks: [bytes], length: bytes.length + 1 });
    await expect(appendToUpload(ada, short.id, last)).rejects.toMatchObject({ field: "upload-length" });
    await expect(createUpload(ada, file, { chunks: [bytes], length: 5 })).rejects.toMatchObject({ code: "too-large" });
    expect(await leftovers()).toEqual(nothing);
    expect((await listFiles(ada, "Rivers", { limit: 100 })).items.map(({ name }) => name)).not.toContain(file.file);
  });

  test("that a lost request still writes to is taken over, and the lost request changes nothing", async () => {
    const [first, second] = [randomBytes(3 * chunk), randomBytes(3 * chunk)];
    const { id } = await createUpload(ada, path, { chunks: [] });
    let continued: Promise<unknown> | undefined;
    async function* stalled() {
      yield first.subarray(0, chunk);
      continued = (async () => {
        const { received } = await findUpload(ada, id);
        const file = Buffer.concat([first.subarray(0, received), second]);
        await appendToUpload(ada, id, { offset: received, complete: true, chunks: [second] });
        expect(sha256Of(await stored())).toBe(sha256Of(file));
      })();
      await continued;
      yield first.subarray(chunk);
    }
    const lost = appendToUpload(ada, id, { offset: 0, complete: true, chunks: stalled() });
    await expect(lost).rejects.toMatchObject({ code: "conflict" });
    await continued;
    expect(await leftovers()).toEqual(nothing);
  });

  test("goes with its repository, also while it arrives", async () => {
    await createRepository(ada, { name: "Creeks", description: "" });
    const owner = await actorOf("ada", now);
    const file = { repository: "Creeks", file: "late.bin" };
    async function* removing() {
      yield randomBytes(chunk);
      await removeRepository(owner, "Creeks");
      yield randomBytes(chunk);
    }
    await expect(putFile(owner, file, { chunks: removing() })).rejects.toMatchObject({ code: "conflict" });
    expect(await leftovers()).toEqual(nothing);
  });

  test("of a token that was revoked meanwhile is refused before it becomes a file", async () => {
    const confirm = () => Promise.reject(new Refusal("unauthenticated", "This token is not valid."));
    const before = await db.auditEvent.count();
    await expect(putFile(ada, path, { chunks: [randomBytes(10)], confirm })).rejects.toMatchObject({
      code: "unauthenticated",
    });
    expect(await db.auditEvent.count()).toBe(before);
    expect(await leftovers()).toEqual(nothing);
  });

  test("that nobody continues is removed after a day, and a killed one after an hour", async () => {
    const { id } = await begin(randomBytes(2 * chunk + 1));
    const age = (hours: number) =>
      db.$executeRaw`UPDATE uploads SET touched_at = now() - make_interval(hours => ${hours}::int) WHERE NOT completed`;
    await age(23);
    await removeUnusedBytes();
    expect(await findUpload(ada, id)).toMatchObject({ received: 2 * chunk + 1 });
    await age(25);
    await removeUnusedBytes();
    await expect(findUpload(ada, id)).rejects.toMatchObject({ code: "not-found" });
    expect(await leftovers()).toEqual(nothing);
    await begin();
    await db.upload.updateMany({ where: { completed: false }, data: { resumable: false } });
    await age(2);
    await removeUnusedBytes();
    expect(await leftovers()).toEqual(nothing);
  });

  test("is refused when its user sends eight files already, and another user's when the process receives 24", async () => {
    const { id } = await begin();
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    async function* waiting() {
      yield randomBytes(10);
      await ended;
    }
    const sent = Array.from({ length: 8 }, (_, index) =>
      putFile(ada, { ...path, file: `${index}.bin` }, { chunks: waiting() }),
    );
    await expect.poll(() => db.upload.count({ where: { resumable: false } })).toBe(8);
    const tooMany = { code: "too-many", headers: { "Retry-After": "5" } };
    await expect(putFile(ada, path, randomBytes(10))).rejects.toMatchObject(tooMany);
    await expect(begin()).rejects.toMatchObject(tooMany);
    await expect(appendToUpload(ada, id, rest(10))).rejects.toMatchObject(tooMany);
    const others = Array.from({ length: 16 }, (_, index) => withUploadSlot(`user ${index % 2}`, () => ended));
    const root = await actorOf("root", now);
    await expect(putFile(root, path, randomBytes(10))).rejects.toMatchObject({ code: "unavailable" });
    end();
    await Promise.all([...sent, ...others]);
    await appendToUpload(ada, id, rest(10));
    await putFile(root, path, randomBytes(10));
  });

  test("is refused when its user has a hundred unfinished ones, also when many begin at once", async () => {
    const { repositoryId } = await db.repositoryFile.findFirstOrThrow({ where: { repository: { name: "Rivers" } } });
    const row = { repositoryId, ownerId: ada.userId, name: "open.bin", resumable: true, writer: randomUUID() };
    await db.upload.deleteMany();
    await db.upload.createMany({ data: Array.from({ length: 98 }, () => row) });
    const begun = await Promise.allSettled(Array.from({ length: 6 }, () => begin()));
    const refusals = begun.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason.code] : []));
    expect(refusals).toEqual(Array(4).fill("too-many"));
    await cancelUpload(ada, (await db.upload.findFirstOrThrow()).id);
    await begin();
    await db.upload.deleteMany();
  });
});
