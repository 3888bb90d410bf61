import { MIMEType } from "node:util";
import type { HeaderReader } from "../auth/requester";
import { Refusal } from "../errors";
import type { Actor } from "../permissions/actor";
import { isStorable } from "../text";
import { restDialect } from "./dialect";
import { ForeignBody } from "./foreign-body";
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
  if (operation.anyBody) return readAnyBody(operation, request);
  demandContentType(request.headers, kind, operation.contentTypes);
  const limit = bodyLimitOf(operation);
  if (kind === "stream") {
    const length = request.headers.get("content-length");
    refuseAnnounced(request, limit);
    return { chunks: resumedParts(request), length: length === null ? null : Number(length), confirm };
  }
  const bytes = await readBytes(request, limit);
  return parsed(operation, kind === "bytes" ? bytes : structured(kind, textOf(bytes, operation), operation));
}

/** Like {@link readBody}, for a form that has arrived as a whole and is no longer than the limit. */
export function parseForm(operation: Operation, headers: HeaderReader, bytes: Uint8Array): unknown {
  demandContentType(headers, "form", operation.contentTypes);
  return parsed(operation, structured("form", textOf(bytes, operation), operation));
}

/** The same for a JSON body. */
export function parseJsonBody(operation: Operation, headers: HeaderReader, bytes: Uint8Array): unknown {
  demandContentType(headers, "json", operation.contentTypes);
  return parsed(operation, structured("json", textOf(bytes, operation), operation));
}

function parsed({ body: schema, dialect = restDialect }: Operation, body: unknown): unknown {
  return schema ? parseInput(schema, body, "field", dialect.unknownFields) : body;
}

/** Webhooks send no body, or one of their own (decision 1810). */
async function readAnyBody(operation: Operation, request: Request): Promise<unknown> {
  const bytes = await readBytes(request, bodyLimitOf(operation));
  if (bytes.length === 0) return parsed(operation, {});
  try {
    demandContentType(request.headers, "json", operation.contentTypes);
    return parsed(operation, structured("json", textOf(bytes, operation), operation));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return new ForeignBody(error, () => {
      demandContentType(request.headers, "text", ["*"]);
      return String(structured("text", textOf(bytes, operation), operation));
    });
  }
}

export function bodyLimitOf({ bodyLimit = megabyte }: Operation): number {
  return typeof bodyLimit === "function" ? bodyLimit() : bodyLimit;
}

function structured(
  kind: Exclude<BodyKind, "bytes" | "stream">,
  text: string,
  { body, anyBytes, dialect = restDialect }: Operation,
): unknown {
  if (kind === "json") return parseJson(text);
  if (kind === "form") {
    if (text.split("&", fieldsMax + 1).length > fieldsMax) {
      throw new Refusal("invalid", `The body has more than ${fieldsMax} fields.`);
    }
    return singleValues(readablePairs(new URLSearchParams(text), body, dialect), "field", anyBytes);
  }
  if (!isStorable(text)) throw new Refusal("invalid", "The body contains a character that is not allowed in text.");
  return text;
}

const fieldsMax = 1_000;

function demandContentType(headers: HeaderReader, kind: BodyKind, contentTypes: readonly string[] | undefined): void {
  const encoding = headers.get("content-encoding") ?? "";
  if (!encoding.split(",").every((coding) => ["", "identity"].includes(coding.trim().toLowerCase()))) {
    throw unsupported(`Send the body without Content-Encoding, not as ${encoding}.`);
  }
  const { type, charset } = contentTypeOf(headers);
  if (kind !== "bytes" && kind !== "stream" && !utf8Labels.has(charset))
    throw unsupported(`Send the body in UTF-8, not in ${charset}.`);
  const wanted = contentTypes ?? acceptable[kind];
  if (!wanted.some((pattern) => matches(type, pattern))) {
    throw unsupported(`Send the body with Content-Type: ${wanted[0]}.`);
  }
}

/** The media type and its charset, in lower case. Both are empty for a header that is not a media type. */
function contentTypeOf(headers: HeaderReader): { type: string; charset: string } {
  try {
    const { essence, params } = new MIMEType(headers.get("content-type") ?? "");
    return { type: essence, charset: (params.get("charset") ?? "utf-8").trim().toLowerCase() };
  } catch {
    return { type: "", charset: "utf-8" };
  }
}

/** The names of UTF-8 in the registry of IANA and the encoding standard, and those of its subset US-ASCII. */
const utf8Labels = new Set([
  ...["utf-8", "utf8", "csutf8", "unicode-1-1-utf-8", "unicode11utf8", "unicode20utf8", "x-unicode20utf8"],
  ...["us-ascii", "ascii", "us", "ansi_x3.4-1968", "ansi_x3.4-1986", "iso_646.irv:1991", "iso646-us", "iso-ir-6"],
  ...["cp367", "ibm367", "csascii"],
]);

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

/** Does not trust Content-Length. What exceeds the limit is dropped, because the connection's next request follows. */
async function readBytes(request: Request, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  refuseAnnounced(request, limit);
  const chunks: Uint8Array[] = [];
  let size = 0;
  const deadline = performance.now() + bodyMsMax;
  for await (const chunk of resumedParts(request)) {
    if (performance.now() > deadline) throw incomplete();
    size += chunk.byteLength;
    if (size <= limit) chunks.push(chunk);
    else if (size > limit + droppedBytesMax) throw tooLarge(limit, { Connection: "close" });
  }
  if (size > limit) throw tooLarge(limit);
  return new Uint8Array(Buffer.concat(chunks));
}

function refuseAnnounced({ headers }: Request, limit: number): void {
  if (Number(headers.get("content-length") ?? 0) > limit) throw tooLarge(limit);
}

/** A client that still writes when the connection closes may never read the answer. */
const droppedBytesMax = 16 * megabyte;

const tooLarge = (limit: number, headers: Record<string, string> = {}) =>
  new Refusal("too-large", `The body can have at most ${limit} bytes.`, { extra: { limit }, headers });

const silenceMsMax = 60_000;

/** How long a body may take that is read as a whole, so that a few bytes at a time do not hold a connection for hours. */
const bodyMsMax = 5 * 60_000;

/** How long the rest of a refused stream may take. */
const dropMsMax = 60_000;

const incomplete = () => new Refusal("invalid", "The body is incomplete.", { headers: { Connection: "close" } });

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
    throw incomplete();
  } finally {
    clearTimeout(timer);
  }
}

/** Reads and drops the rest of a refused stream, so that the client reads the answer. Returns false when the rest is
 * long, slow or does not come; then the connection cannot be used again. */
export async function dropRest({ chunks }: StreamedBody): Promise<boolean> {
  let size = 0;
  const deadline = performance.now() + dropMsMax;
  try {
    for await (const chunk of chunks) {
      size += chunk.byteLength;
      if (size > droppedBytesMax || performance.now() > deadline) return false;
    }
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

const lenientDecoder = new TextDecoder("utf-8");
const strictDecoder = new TextDecoder("utf-8", { fatal: true });

function textOf(bytes: Uint8Array, { anyBytes = false }: Operation): string {
  try {
    return (anyBytes ? lenientDecoder : strictDecoder).decode(bytes);
  } catch {
    throw new Refusal("invalid", "The body is not UTF-8.");
  }
}
