import { createHash, randomBytes } from "node:crypto";
import { request } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

const megabyte = 1_000_000;

/** Bytes that do not repeat, made while they are read. */
export class LargeFile {
  readonly size: number;
  readonly #block = randomBytes(megabyte);

  constructor(readonly megabytes: number) {
    this.size = megabytes * megabyte;
  }

  *parts(): Generator<Buffer> {
    for (let part = 0; part < this.megabytes; part++) yield this.#part(part);
  }

  sha256(): string {
    const hash = createHash("sha256");
    for (const part of this.parts()) hash.update(part);
    return hash.digest("hex");
  }

  #part(index: number): Buffer {
    const part = Buffer.from(this.#block);
    part.writeUInt32BE(index, 0);
    return part;
  }
}

export interface TransferAnswer {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  size: number;
  sha256: string;
  /** The start of the body. */
  text: string;
}

/** Sends a request whose body is made while it is sent, and drops the body of the answer while it arrives. */
export async function transfer(
  url: string,
  method: string,
  headers: Record<string, string>,
  body?: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<TransferAnswer> {
  const outgoing = request(url, { method, headers, agent: false });
  const answered = new Promise<TransferAnswer>((resolve, reject) => {
    outgoing.once("error", reject);
    outgoing.once("response", async (response) => {
      const hash = createHash("sha256");
      const { statusCode: status = 0, headers: answer } = response;
      let size = 0;
      let text = "";
      try {
        for await (const part of response) {
          hash.update(part);
          size += part.length;
          if (text.length < 2_000) text += part.toString("latin1");
        }
        resolve({ status, headers: answer, size, sha256: hash.digest("hex"), text });
      } catch (error) {
        reject(error);
      }
    });
  });
  if (body) await Promise.race([answered, pipeline(Readable.from(body, { objectMode: false }), outgoing)]);
  else outgoing.end();
  return answered;
}
