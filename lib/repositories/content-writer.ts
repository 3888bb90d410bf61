import { createHash } from "node:crypto";
import { createSHA256 } from "hash-wasm";
import { pool } from "../db";
import { conflict, Refusal } from "../errors";
import { currentStore, discardPlace } from "./stores";

/** An upload of which this request is the writer. */
export interface OpenUpload {
  id: string;
  /** The number of this request. A later request takes its place with another. */
  writer: string;
  contentId: string;
  chunkBytes: number;
  resumable: boolean;
  received: number;
  /** The last of the received bytes, which do not fill a chunk. */
  tail: Uint8Array | null;
  hashState: Uint8Array | null;
  sizeMax: number;
}

/** Writes the bytes of an upload in chunks, and computes their SHA-256 on the way. It holds one chunk in memory. */
export class ContentWriter {
  readonly #upload: OpenUpload;
  readonly #digest: Digest;
  readonly #chunk: Buffer;
  #filled = 0;
  #stored: number;
  #isLost = false;

  static async open(upload: OpenUpload): Promise<ContentWriter> {
    return new ContentWriter(upload, upload.resumable ? await resumableDigest(upload.hashState) : plainDigest());
  }

  private constructor(upload: OpenUpload, digest: Digest) {
    this.#upload = upload;
    this.#digest = digest;
    this.#chunk = Buffer.allocUnsafe(upload.chunkBytes);
    this.#filled = upload.tail?.byteLength ?? 0;
    this.#chunk.set(upload.tail ?? []);
    this.#stored = upload.received - this.#filled;
  }

  get received(): number {
    return this.#stored + this.#filled;
  }

  /** Refuses `too-large` beyond `sizeMax`; `conflict` once another request continues the upload. */
  async write(bytes: Uint8Array): Promise<void> {
    const { sizeMax } = this.#upload;
    if (this.received + bytes.byteLength > sizeMax) throw fileTooLarge(sizeMax);
    for (let at = 0; at < bytes.byteLength; ) {
      const part = bytes.subarray(at, at + this.#chunk.byteLength - this.#filled);
      this.#chunk.set(part, this.#filled);
      this.#digest.update(part);
      this.#filled += part.byteLength;
      at += part.byteLength;
      if (this.#filled === this.#chunk.byteLength) await this.#flush();
    }
  }

  /** Stores what does not fill a chunk yet, so that a later request can continue after it. */
  async pause(): Promise<void> {
    if (this.#isLost) return;
    const { id, writer } = this.#upload;
    const tail = this.#filled > 0 ? this.#chunk.subarray(0, this.#filled) : null;
    const { rowCount } = await pool().query(
      `UPDATE uploads SET received = $3, tail = $4, hash_state = $5, touched_at = now()
       WHERE id = $1 AND writer = $2 AND NOT completed`,
      [id, writer, this.received, tail, this.#digest.save()],
    );
    if (rowCount === 0) throw this.#lost();
  }

  /** Stores the last chunk. Returns the SHA-256 in hexadecimal. */
  async finish(): Promise<string> {
    if (this.#filled > 0) await this.#flush();
    return this.#digest.hex();
  }

  async #flush(): Promise<void> {
    this.#isLost = true;
    const { id, writer, contentId, chunkBytes } = this.#upload;
    const place = await currentStore().put(contentId, this.#chunk.subarray(0, this.#filled));
    const received = this.#stored + this.#filled;
    const { rowCount } = await pool().query(
      `WITH upload AS (
         UPDATE uploads SET received = $3, tail = NULL, hash_state = $4, touched_at = now()
         WHERE id = $1 AND writer = $2 AND NOT completed RETURNING content_id
       )
       INSERT INTO file_chunks (content_id, seq, bytes, object)
       SELECT content_id, $5, $6, $7 FROM upload`,
      [id, writer, received, this.#digest.save(), Math.floor(this.#stored / chunkBytes), place.bytes, place.object],
    );
    if (rowCount === 0) {
      await discardPlace(place);
      throw this.#lost();
    }
    this.#stored = received;
    this.#filled = 0;
    this.#isLost = false;
  }

  #lost(): Refusal {
    this.#isLost = true;
    return uploadLost();
  }
}

export const uploadLost = () => conflict("This upload was cancelled, or another request continues it.");

export const fileTooLarge = (limit: number) =>
  new Refusal("too-large", `The file can have at most ${limit} bytes.`, {
    extra: { limit },
    headers: { "Upload-Limit": `max-size=${limit}` },
  });

interface Digest {
  update(bytes: Uint8Array): void;
  save(): Uint8Array | null;
  hex(): string;
}

/** Node's own, which is six times as fast. It cannot be saved. */
function plainDigest(): Digest {
  const hash = createHash("sha256");
  return { update: (bytes) => hash.update(bytes), save: () => null, hex: () => hash.digest("hex") };
}

async function resumableDigest(state: Uint8Array | null): Promise<Digest> {
  const hash = await createSHA256();
  if (state) hash.load(new Uint8Array(state));
  else hash.init();
  return { update: (bytes) => hash.update(bytes), save: () => hash.save(), hex: () => hash.digest() };
}
