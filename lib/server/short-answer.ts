import type { IncomingMessage, ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { releaseCompressionStream } from "next/dist/server/lib/release-compression-stream.js";

type Compress = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/** With its headers, it fits the ten packets that a connection may send at once (RFC 6928), so that it would not arrive
 * earlier if it was compressed. */
const uncompressedBytesMax = 13_000;

/** Next's own, so that longer answers are compressed as those of its router are. */
const compress: Compress = createRequire(import.meta.url)("next/dist/compiled/compression")({
  threshold: uncompressedBytesMax,
});

/** Holds back what is written in one turn of the event loop, so that an answer that is complete by then is sent at once,
 * with its length. Next writes the headers, the body and the end of chunks one by one. */
export function holdShort(request: IncomingMessage, response: ServerResponse): void {
  compress(request, response, () => undefined);
  response.once("close", () => {
    if (!response.writableFinished) releaseCompressionStream(response);
  });
  const sent = {
    write: response.write.bind(response) as (chunk: Uint8Array) => boolean,
    end: response.end.bind(response) as (chunk?: Uint8Array) => ServerResponse,
    flushHeaders: response.flushHeaders.bind(response),
  };
  let held: Uint8Array[] | null = [];
  const release = () => {
    const chunks = held ?? [];
    held = null;
    if (response.destroyed) return;
    if (chunks.length > 0) sent.flushHeaders();
    for (const chunk of chunks) sent.write(chunk);
    // Next has asked for this after each write, when there was nothing to flush yet.
    (response as { flush?(): void }).flush?.();
  };
  response.flushHeaders = () => {
    if (held === null) sent.flushHeaders();
  };
  response.write = (chunk: Uint8Array) => {
    if (held === null) return sent.write(chunk);
    if (held.push(chunk) === 1) setImmediate(release);
    return true;
  };
  response.end = (last?: unknown) => {
    const chunks = [...(held ?? []), ...(last ? [Buffer.from(last as string | Uint8Array)] : [])];
    held = null;
    if (chunks.length === 0) return sent.end();
    const body = Buffer.concat(chunks);
    if (!response.headersSent) response.setHeader("Content-Length", body.byteLength);
    return sent.end(body);
  };
}
