interface FileAnswer {
  chunks: AsyncIterable<Uint8Array>;
  bytes?: number;
  mediaType: string;
  fileName: string;
  disposition: "inline" | "attachment";
  headers?: Record<string, string>;
}

/** Streams a file as an answer, without loading it into memory. */
export function fileAnswer({ chunks, bytes, mediaType, fileName, disposition, headers = {} }: FileAnswer): Response {
  return new Response(streamOf(chunks), {
    headers: {
      ...headers,
      "Content-Type": mediaType,
      ...(bytes !== undefined && { "Content-Length": String(bytes) }),
      "Content-Disposition": `${disposition}; filename="${asciiOf(fileName)}"; filename*=UTF-8''${encoded(fileName)}`,
    },
  });
}

function streamOf(chunks: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
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
