import { Refusal } from "../errors";
import type { Actor } from "../permissions/actor";
import { isStorable } from "../text";
import { restDialect } from "./dialect";
import { parseJson } from "./json";
import { type BodyKind, megabyte, type Operation } from "./operation";
import { readablePairs, singleValues } from "./request-input";
import { parseInput } from "./validation";

/** A body that the handler reads while it arrives. */
export interface StreamedBody {
  chunks: AsyncIterable<Uint8Array>;
  /** Content-Length, or null for a body in chunks. */
  length: number | null;
  /** Checks the caller again, since the body can take hours to arrive. Refuses like the door. */
  confirm(): Promise<Actor>;
}

/** Checks, in this order: content type, size while it arrives, syntax, schema. Refuses `unsupported-media`, `too-large`
 * or `invalid`. A stream is returned unread, and its handler refuses it when it is too large. */
export async function readBody(
  operation: Operation,
  request: Request,
  confirm: () => Promise<Actor>,
): Promise<unknown> {
  const kind = operation.bodyKind ?? "json";
  if (!operation.body && (kind === "json" || kind === "form")) return undefined;
  demandContentType(request, kind, operation.contentTypes);
  const limit = bodyLimitOf(operation);
  const length = request.headers.get("content-length");
  if (Number(length ?? 0) > limit) throw tooLarge(limit);
  if (kind === "stream")
    return { chunks: resumedParts(request), length: length === null ? null : Number(length), confirm };
  const bytes = await readBytes(request, limit);
  const body = kind === "bytes" ? bytes : structured(kind, textOf(bytes), operation);
  const { unknownFields } = operation.dialect ?? restDialect;
  return operation.body ? parseInput(operation.body, body, "field", unknownFields) : body;
}

export function bodyLimitOf({ bodyLimit = megabyte }: Operation): number {
  return typeof bodyLimit === "function" ? bodyLimit() : bodyLimit;
}

function structured(
  kind: Exclude<BodyKind, "bytes" | "stream">,
  text: string,
  { body, dialect = restDialect }: Operation,
): unknown {
  if (kind === "json") return parseJson(text);
  if (kind === "form") return singleValues(readablePairs(new URLSearchParams(text), body, dialect), "field");
  if (!isStorable(text)) throw new Refusal("invalid", "The body contains a character that is not allowed in text.");
  return text;
}

function demandContentType(request: Request, kind: BodyKind, contentTypes: readonly string[] | undefined): void {
  const encoding = request.headers.get("content-encoding") ?? "identity";
  if (encoding !== "identity") throw unsupported(`Send the body without Content-Encoding, not as ${encoding}.`);
  const [type = "", ...options] = (request.headers.get("content-type") ?? "").toLowerCase().split(";");
  const charset = options.map((option) => /^\s*charset="?([\w-]+)"?\s*$/.exec(option)?.[1]).find(Boolean) ?? "utf-8";
  if (kind !== "bytes" && kind !== "stream" && charset !== "utf-8")
    throw unsupported(`Send the body in UTF-8, not in ${charset}.`);
  const wanted = contentTypes ?? acceptable[kind];
  if (!wanted.some((pattern) => matches(type.trim(), pattern))) {
    throw unsupported(`Send the body with Content-Type: ${wanted[0]}.`);
  }
}

const acceptable: Record<BodyKind, readonly string[]> = {
  json: ["application/json", "application/*+json"],
  form: ["application/x-www-form-urlencoded"],
  text: ["text/plain", "text/*"],
  bytes: ["application/octet-stream", "*"],
  stream: ["application/octet-stream", "*"],
};

function matches(type: string, pattern: string): boolean {
  const [before = "", after] = pattern.split("*");
  return after === undefined ? type === pattern : type.startsWith(before) && type.endsWith(after);
}

const unsupported = (detail: string) => new Refusal("unsupported-media", detail);

/** Does not trust Content-Length. It reads and drops what is over the limit, because the next request on the connection
 * follows the body. A much longer body ends the connection. */
async function readBytes(request: Request, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of resumedParts(request)) {
    size += chunk.byteLength;
    if (size <= limit) chunks.push(chunk);
    else if (size > limit + droppedBytesMax) throw tooLarge(limit, { Connection: "close" });
  }
  if (size > limit) throw tooLarge(limit);
  return new Uint8Array(Buffer.concat(chunks));
}

/** A client that still writes when the connection closes may never read the answer. */
const droppedBytesMax = 16 * megabyte;

const tooLarge = (limit: number, headers: Record<string, string> = {}) =>
  new Refusal("too-large", `The body can have at most ${limit} bytes.`, { extra: { limit }, headers });

/** How long a client may send nothing in the middle of a body. */
const silenceMsMax = 60_000;

/** Can be iterated again after an early end, and then continues. The stream itself is not ended early, because that
 * would end the connection before the answer. */
function resumedParts({ body }: Request): AsyncIterable<Uint8Array> {
  const reader = body?.getReader();
  return {
    async *[Symbol.asyncIterator]() {
      while (reader) {
        const { done, value } = await nextPart(reader);
        if (done) return;
        yield value;
      }
    },
  };
}

/** The error of an aborted upload looks like one of the database connection. It is a bad request, not an outage. */
async function nextPart(reader: ReadableStreamDefaultReader<Uint8Array>) {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("silence")), silenceMsMax);
  });
  try {
    return await Promise.race([reader.read(), silence]);
  } catch {
    await Promise.allSettled([reader.cancel()]);
    throw new Refusal("invalid", "The body is incomplete.", { headers: { Connection: "close" } });
  } finally {
    clearTimeout(timer);
  }
}

/** Reads and drops the rest of a refused stream, so that the client reads the answer. Returns false when the rest is
 * long or does not come; then the connection cannot be used again. */
export async function dropRest({ chunks }: StreamedBody): Promise<boolean> {
  let size = 0;
  try {
    for await (const chunk of chunks) {
      size += chunk.byteLength;
      if (size > droppedBytesMax) return false;
    }
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Refusal("invalid", "The body is not UTF-8.");
  }
}
