import { randomUUID } from "node:crypto";
import type { Readable } from "node:stream";
import type { S3Client } from "@aws-sdk/client-s3";
import pLimit from "p-limit";
import { db, isForeignKeyViolation } from "../db";
import { env } from "../env";
import { conflict, Refusal } from "../errors";
import { perProcess } from "../per-process";
import type { ChunkStore } from "./chunk-store";

interface S3Store extends ChunkStore {
  read(object: string, start: number, end: number): AsyncGenerator<Uint8Array>;
  remove(objects: readonly string[]): Promise<void>;
}

/** How long the store may take for an answer, and then for each part of a body. */
const silenceMsMax = 60_000;

type Sdk = typeof import("@aws-sdk/client-s3");

/** The SDK takes 100 ms and 30 MB to load, so it is loaded when it is needed. */
const connection = perProcess("s3", async (): Promise<{ sdk: Sdk; client: S3Client; bucket: string }> => {
  const { s3 } = env();
  if (!s3) throw new Error("A data file is in an S3 store, and TESSERA_S3_BUCKET is not set.");
  // Its version is pinned, so the warning that later ones need a newer Node is of no use in the log of a server.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  const sdk = await import("@aws-sdk/client-s3");
  const client = new sdk.S3Client({
    endpoint: s3.endpoint,
    region: s3.region,
    forcePathStyle: s3.forcePathStyle,
    credentials: s3.credentials,
    // Stores other than Amazon's refuse checksums that they do not know; a chunk is verified by the SHA-256 of its content.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    requestHandler: { connectionTimeout: 5_000, requestTimeout: silenceMsMax, throwOnRequestTimeout: true },
  });
  return { sdk, client, bucket: s3.bucket };
});

/** Chunks as objects under names that are never used twice, so that no late request can change a chunk. It needs the
 * right to put, get and delete objects, and no multipart uploads or listings (decision 1824). */
export const s3Store: S3Store = {
  chunkBytes: 8_388_608,
  async put(contentId, bytes) {
    const object = `${env().s3?.prefix ?? ""}${contentId}/${randomUUID()}`;
    // The name is recorded first, so that a kill in between leaves no object that is not known.
    await db.storedObject.create({ data: { name: object, contentId } }).catch((error) => {
      throw isForeignKeyViolation(error) ? conflict("This upload was cancelled.") : error;
    });
    await orUnavailable(async () => {
      const { sdk, client, bucket } = await connection();
      const { ETag: tag } = await client.send(
        new sdk.PutObjectCommand({ Bucket: bucket, Key: object, Body: bytes, ContentLength: bytes.byteLength }),
      );
      // Any store names what it has stored. The page of a portal or proxy, which may be 200 too, does not.
      if (!tag) throw new Error("it did not say what it has stored");
    });
    return { bytes: null, object };
  },
  async *read(object, start, end) {
    const { Body: body, ContentRange: range } = await orUnavailable(async () => {
      const { sdk, client, bucket } = await connection();
      const asked = `bytes=${start}-${end - 1}`;
      return client.send(new sdk.GetObjectCommand({ Bucket: bucket, Key: object, Range: asked }));
    });
    // Some stores answer the whole object.
    const isPart = start === 0 || range?.startsWith(`bytes ${start}-`);
    let received = isPart ? 0 : Number.NaN;
    for await (const part of readWithoutSilence(body as Readable)) {
      received += part.byteLength;
      if (!(received <= end - start)) break;
      yield part;
    }
    if (received !== end - start) throw unavailable(new Error(`other bytes than ${start} to ${end} of ${object}`));
  },
  async remove(objects) {
    const { sdk, client, bucket } = await connection();
    const limit = pLimit(8);
    const removals = objects.map((name) =>
      limit(() => client.send(new sdk.DeleteObjectCommand({ Bucket: bucket, Key: name }))),
    );
    await orUnavailable(() => Promise.all(removals));
  },
};

/** A limit of the socket would also count the time that a slow reader takes. */
async function* readWithoutSilence(body: Readable): AsyncGenerator<Uint8Array> {
  const parts = body[Symbol.asyncIterator]();
  const stop = () => void body.destroy(new Error(`no bytes for ${silenceMsMax} ms`));
  try {
    for (;;) {
      const timeout = setTimeout(stop, silenceMsMax);
      const { done, value } = await orUnavailable(() => parts.next()).finally(() => clearTimeout(timeout));
      if (done) return;
      yield value;
    }
  } finally {
    body.destroy();
  }
}

async function orUnavailable<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw unavailable(error);
  }
}

function unavailable(error: unknown): Refusal {
  const { name, message } = error as Error;
  // Its own error would look like one of the database.
  const cause = new Error(`The S3 store failed: ${name}: ${message}`);
  const headers = { "Retry-After": "2" };
  return new Refusal("unavailable", "The store of data files is unavailable. Try again in a moment.", {
    headers,
    cause,
  });
}
