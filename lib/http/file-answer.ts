import { z } from "zod";
import { Refusal } from "../errors";
import { isListedTag, isStrictlyListed, requestedRange } from "./ranges";

interface FileAnswer {
  chunks: AsyncIterable<Uint8Array> | Uint8Array<ArrayBuffer>;
  bytes?: number;
  mediaType: string;
  fileName: string;
  disposition: "inline" | "attachment";
  headers?: Record<string, string>;
  status?: number;
}

interface StoredFile extends Omit<FileAnswer, "chunks" | "status"> {
  bytes: number;
  /** Names these bytes: another content has another tag. */
  tag: string;
  read(range?: { start: number; end: number }): AsyncIterable<Uint8Array>;
}

const header = (description: string) => z.string().optional().describe(description);

const downloadHeaders = z.object({
  range: header("One range, such as `bytes=0-1023`."),
  "if-range": header("An ETag; for another file, the whole is returned."),
  "if-match": header("ETags; for another file, 412 is returned."),
  "if-none-match": header("ETags; for one of these, 304 is returned."),
});

/** The headers and answers of an operation that returns {@link storedFileAnswer}. `noun` names it in sentences. */
export const download = (noun: string, description: string, contentType = "*/*") => ({
  headers: downloadHeaders,
  answers: {
    200: { description, contentType },
    206: { description: "The part that Range asks for.", contentType },
    304: { description: `The ${noun} is the one that If-None-Match names.` },
    412: { description: `The ${noun} is not the one that If-Match names.` },
    416: { description: `The ${noun} has no such range.` },
  },
});

/** Answers a file, or the part that Range and If-Range ask for (RFC 9110 section 14). Refuses `no-such-range` and
 * `precondition-failed`. */
export function storedFileAnswer({ headers: asked }: Request, { read, tag, ...file }: StoredFile): Response {
  const { bytes } = file;
  const only = asked.get("if-match");
  if (only !== null && !isStrictlyListed(only, tag)) {
    throw new Refusal(
      "precondition-failed",
      "This is not the file that If-Match names. Download it from the beginning.",
    );
  }
  // Compressed on the way, the bytes are others, so the tag is weak and continues no download.
  const shown = mayBeCompressed(asked, file.mediaType) ? `W/${tag}` : tag;
  const headers = { ...file.headers, ETag: shown, "Accept-Ranges": "bytes" };
  if (isListedTag(asked.get("if-none-match"), tag)) return new Response(null, { status: 304, headers });
  const isSame = (asked.get("if-range") ?? tag) === tag;
  const range = isSame ? requestedRange(asked.get("range"), bytes) : null;
  if (range === null) return fileAnswer({ ...file, headers, chunks: read() });
  if (range === "unsatisfiable") {
    const detail = `The file has ${bytes} bytes. Ask for a range inside it.`;
    throw new Refusal("no-such-range", detail, { headers: { "Content-Range": `bytes */${bytes}` } });
  }
  const { start, end } = range;
  const contentRange = { "Content-Range": `bytes ${start}-${end - 1}/${bytes}` };
  const part = { status: 206, bytes: end - start, headers: { ...headers, ...contentRange } };
  return fileAnswer({ ...file, ...part, chunks: read(range) });
}

/** Next.js compresses answers of these types. The HTTP server takes Accept-Encoding from requests with Range, which are
 * about the bytes as they are stored. */
const mayBeCompressed = (asked: Headers, mediaType: string) =>
  asked.has("accept-encoding") && !asked.has("range") && /^text\/|[/+](?:json|xml)\b/.test(mediaType);

/** Streams a file as an answer, without loading it into memory; or sends one that is in memory. */
export function fileAnswer({ chunks, bytes, mediaType, fileName, disposition, ...answer }: FileAnswer): Response {
  return new Response(chunks instanceof Uint8Array ? chunks : streamOf(chunks), {
    status: answer.status,
    headers: {
      ...answer.headers,
      "Content-Type": mediaType,
      ...(bytes !== undefined && { "Content-Length": String(bytes) }),
      "Content-Disposition": `${disposition}; filename="${asciiOf(fileName)}"; filename*=UTF-8''${encoded(fileName)}`,
    },
  });
}

/** A stream that reads the chunks as the client takes them. */
export function streamOf(chunks: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}

const asciiOf = (name: string) => name.replace(/[^\x20-\x7E]|["\\]/gu, "_");

/** encodeURIComponent leaves some characters that RFC 8187 does not allow. */
const encoded = (name: string) =>
  encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
