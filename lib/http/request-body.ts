import { MIMEType } from "node:util";
import { Refusal } from "../errors";
import { isStorable } from "../text";
import { restDialect } from "./dialect";
import { ForeignBody } from "./foreign-body";
import { parseJson } from "./json";
import { type BodyKind, megabyte, type Operation } from "./operation";
import { readablePairs, singleValues } from "./request-input";
import { parseInput } from "./validation";

/** Checks, in this order: content type, size while it arrives, syntax, schema. Refuses `unsupported-media`, `too-large`
 * or `invalid`. */
export async function readBody(operation: Operation, request: Request): Promise<unknown> {
  const kind = operation.bodyKind ?? "json";
  if (!operation.body && (kind === "json" || kind === "form")) return undefined;
  if (operation.anyBody) return readAnyBody(operation, request);
  demandContentType(request, kind, operation.contentTypes);
  const bytes = await readBytes(request, operation.bodyLimit ?? megabyte);
  return parsed(operation, kind === "bytes" ? bytes : structured(kind, textOf(bytes, operation), operation));
}

function parsed({ body: schema, dialect = restDialect }: Operation, body: unknown): unknown {
  return schema ? parseInput(schema, body, "field", dialect.unknownFields) : body;
}

/** Webhooks send no body, or one of their own (decision 1810). */
async function readAnyBody(operation: Operation, request: Request): Promise<unknown> {
  const bytes = await readBytes(request, operation.bodyLimit ?? megabyte);
  if (bytes.length === 0) return parsed(operation, {});
  try {
    demandContentType(request, "json", operation.contentTypes);
    return parsed(operation, structured("json", textOf(bytes, operation), operation));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return new ForeignBody(error, () => {
      demandContentType(request, "text", ["*"]);
      return String(structured("text", textOf(bytes, operation), operation));
    });
  }
}

function structured(
  kind: Exclude<BodyKind, "bytes">,
  text: string,
  { body, anyBytes, dialect = restDialect }: Operation,
): unknown {
  if (kind === "json") return parseJson(text);
  if (kind === "form") return singleValues(readablePairs(new URLSearchParams(text), body, dialect), "field", anyBytes);
  if (!isStorable(text)) throw new Refusal("invalid", "The body contains a character that is not allowed in text.");
  return text;
}

function demandContentType(request: Request, kind: BodyKind, contentTypes: readonly string[] | undefined): void {
  const encoding = request.headers.get("content-encoding") ?? "";
  if (!encoding.split(",").every((coding) => ["", "identity"].includes(coding.trim().toLowerCase()))) {
    throw unsupported(`Send the body without Content-Encoding, not as ${encoding}.`);
  }
  const { type, charset } = contentTypeOf(request);
  if (kind !== "bytes" && !utf8Labels.has(charset)) throw unsupported(`Send the body in UTF-8, not in ${charset}.`);
  const wanted = contentTypes ?? acceptable[kind];
  if (!wanted.some((pattern) => matches(type, pattern))) {
    throw unsupported(`Send the body with Content-Type: ${wanted[0]}.`);
  }
}

/** The media type and its charset, in lower case. Both are empty for a header that is not a media type. */
function contentTypeOf({ headers }: Request): { type: string; charset: string } {
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
};

function matches(type: string, pattern: string): boolean {
  const [before = "", after] = pattern.split("*");
  return after === undefined ? type === pattern : type.startsWith(before) && type.endsWith(after);
}

const unsupported = (detail: string) => new Refusal("unsupported-media", detail);

/** Does not trust Content-Length. It reads and drops what is over the limit, because the next request on the connection
 * follows the body. A much longer body ends the connection. */
async function readBytes(request: Request, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  if (Number(request.headers.get("content-length") ?? 0) > limit) throw tooLarge(limit);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of arriving(request)) {
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

/** The error of an aborted upload looks like one of the database connection. It is a bad request, not an outage. */
async function* arriving({ body }: Request): AsyncGenerator<Uint8Array> {
  try {
    yield* body ?? [];
  } catch {
    throw new Refusal("invalid", "The body is incomplete.");
  }
}

function textOf(bytes: Uint8Array, { anyBytes = false }: Operation): string {
  try {
    return new TextDecoder("utf-8", { fatal: !anyBytes }).decode(bytes);
  } catch {
    throw new Refusal("invalid", "The body is not UTF-8.");
  }
}
