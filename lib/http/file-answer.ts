interface FileAnswer {
  /** In order. */
  chunks: AsyncIterable<Uint8Array>;
  /** How many they are together, where that is known beforehand. */
  bytes?: number;
  mediaType: string;
  fileName: string;
  /** Shown in the browser where it can be, or always saved. */
  disposition: "inline" | "attachment";
  headers?: Record<string, string>;
}

/** A file as an answer, sent as it is read: never the whole of it in memory. */
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

/** For programs that do not know RFC 8187. */
const asciiOf = (name: string) => name.replace(/[^\x20-\x7E]|["\\]/gu, "_");

/** RFC 8187: what encodeURIComponent leaves but an attribute may not have. */
const encoded = (name: string) =>
  encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
