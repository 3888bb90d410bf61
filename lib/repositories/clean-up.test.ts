import { randomBytes } from "node:crypto";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { db, pool } from "@/lib/db";
import type { Actor } from "@/lib/permissions/actor";
import { actorOf, introduceCast } from "@/testing/cast";
import { removeUnusedBytes } from "@/testing/remove-unused-bytes";
import { removeAbandoned } from "./clean-up";
import { removeFile } from "./commands";
import { putFile } from "./put-file";
import { readFile } from "./queries";
import { cancelUpload, createUpload } from "./uploads";

const chunk = 1_048_576;
const path = { repository: "Rivers", file: "gauge.bin" };
const never = new AbortController().signal;

let ada: Actor;

beforeAll(async () => {
  await introduceCast(new Date());
  ada = await actorOf("ada", new Date());
});
beforeEach(removeUnusedBytes);

/** Stores a file, and returns the id of its content. */
async function storeFile(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const { file } = await putFile(ada, path, bytes);
  return (await db.content.findUniqueOrThrow({ where: { sha256: file.sha256 } })).id;
}

const count = (id: string) => db.content.count({ where: { id } });

async function minutesLeft(id: string): Promise<number> {
  const { rows } = await pool().query(
    "SELECT extract(epoch FROM remove_at - now()) / 60 AS minutes FROM contents WHERE id = $1",
    [id],
  );
  return Math.round(rows[0].minutes);
}

const age = (id: string, minutes: number) =>
  db.$executeRaw`UPDATE contents SET remove_at = remove_at - make_interval(mins => ${minutes}::int) WHERE id = ${id}`;

test.each<[string, () => Promise<unknown>]>([
  ["replaced", () => putFile(ada, path, randomBytes(10))],
  ["removed", () => removeFile(ada, path)],
])("a file that is %s while it is read is read to its end, however slowly", async (_, change) => {
  const bytes = randomBytes(3 * chunk + 7);
  const id = await storeFile(bytes);
  const { read } = await readFile(ada, path);
  await change();
  await removeAbandoned(never);
  const parts: Uint8Array[] = [];
  for await (const part of read()) {
    parts.push(part);
    // The last part is read, and kept for an hour, with the one before it, since the whole is verified first.
    expect(await minutesLeft(id)).toBe(parts.length < 4 ? 60 : 10);
    if (parts.length < 4) await age(id, 50);
    await removeAbandoned(never);
  }
  expect(Buffer.concat(parts).equals(bytes)).toBe(true);
  await age(id, 11);
  await removeAbandoned(never);
  expect([await count(id), await db.fileChunk.count({ where: { contentId: id } })]).toEqual([0, 0]);
});

test("requests do not wait until bytes are removed", async () => {
  const id = await storeFile(randomBytes(10));
  await putFile(ada, path, randomBytes(10));
  await removeFile(ada, path);
  const upload = await createUpload(ada, path, { chunks: [randomBytes(chunk)] });
  await cancelUpload(ada, upload.id);
  expect(await count(id)).toBe(1);
  expect(await db.content.count({ where: { uploads: { none: {} }, files: { none: {} } } })).toBe(3);
});

test("a content that cannot be removed keeps no other from being removed", async () => {
  const [first, second] = [await storeFile(randomBytes(10)), await storeFile(randomBytes(10))];
  await removeFile(ada, path);
  await removeAbandoned(never);
  // There is no S3 store here.
  await db.storedObject.create({ data: { name: "lost", contentId: first } });
  await age(first, 70);
  await age(second, 65);
  await removeAbandoned(never);
  expect([await count(first), await count(second)]).toEqual([1, 0]);
  await db.storedObject.delete({ where: { name: "lost" } });
  await removeAbandoned(never);
  expect(await count(first)).toBe(0);
});

test("several instances remove the same content at once, and none waits for another", async () => {
  const id = await storeFile(randomBytes(45 * chunk));
  await removeFile(ada, path);
  await removeAbandoned(never);
  await age(id, 61);
  const other = await pool().connect();
  try {
    await other.query("BEGIN");
    await other.query("SELECT FROM file_chunks WHERE content_id = $1 AND seq = 3 FOR UPDATE", [id]);
    await Promise.all([removeAbandoned(never), removeAbandoned(never)]);
    expect([await count(id), await db.fileChunk.count({ where: { contentId: id } })]).toEqual([1, 1]);
  } finally {
    await other.query("COMMIT");
    other.release();
  }
  await removeAbandoned(never);
  expect(await count(id)).toBe(0);
});
