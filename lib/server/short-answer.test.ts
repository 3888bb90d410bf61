import { once } from "node:events";
import { createServer, get, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { createGunzip, gunzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { holdShort } from "./short-answer";

type Write = (response: ServerResponse) => void | Promise<void>;

/** Gets what a handler writes as Next does: the headers first, the parts as bytes, and an end without any. */
async function ask(write: Write, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  const server = createServer((request, response) => {
    holdShort(request, response);
    response.setHeader("Content-Type", "application/json");
    void write(response);
  });
  server.listen(0);
  await once(server, "listening");
  onTestFinished(() => void server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo;
  const [answer] = await once(get({ port, headers: { "Accept-Encoding": "gzip", ...headers } }), "response");
  return answer;
}

const part = (length: number) => new Uint8Array(length).fill(97);

function writeParts(response: ServerResponse, ...lengths: number[]): void {
  for (const length of lengths) {
    response.flushHeaders();
    response.write(part(length));
  }
  response.end();
}

test("an answer that is complete at once has a length, and a short one is not compressed", async () => {
  for (const lengths of [[1], [5_000, 7_000], [0, 3]]) {
    const answer = await ask((response) => writeParts(response, ...lengths));
    const length = lengths.reduce((sum, each) => sum + each);
    expect(answer.headers).toMatchObject({ "content-length": String(length) });
    expect(answer.headers).not.toHaveProperty("content-encoding");
    expect(await buffer(answer)).toHaveLength(length);
  }
});

test("a long answer is compressed for clients that accept it", async () => {
  const write: Write = (response) => writeParts(response, 9_000, 9_000);
  const packed = await ask(write);
  expect(packed.headers["content-encoding"]).toBe("gzip");
  expect(gunzipSync(await buffer(packed))).toHaveLength(18_000);
  const plain = await ask(write, { "Accept-Encoding": "identity" });
  expect(plain.headers["content-length"]).toBe("18000");
  expect(await buffer(plain)).toHaveLength(18_000);
});

test("an answer without a body has none", async () => {
  const answer = await ask((response) => void response.writeHead(204).end());
  expect(answer.statusCode).toBe(204);
  expect(answer.headers).not.toHaveProperty("content-length");
});

test("an answer in one call is sent as it is", async () => {
  const answer = await ask((response) => void response.writeHead(500, { "Content-Length": 2 }).end("{}"));
  expect(answer.headers["content-length"]).toBe("2");
  expect(String(await buffer(answer))).toBe("{}");
});

test.each(["identity", "gzip"])("what is ready is sent before the rest comes, as %s", async (encoding) => {
  let proceed = () => {};
  const received = new Promise<void>((resolve) => {
    proceed = resolve;
  });
  const answer = await ask(
    async (response) => {
      for (const length of [10, 20]) {
        response.flushHeaders();
        response.write(part(length));
        await received;
      }
      response.end();
    },
    { "Accept-Encoding": encoding },
  );
  const unpacked = encoding === "gzip" ? answer.pipe(createGunzip()) : answer;
  const chunks: Buffer[] = [];
  unpacked.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    proceed();
  });
  await once(unpacked, "end");
  expect(chunks[0]).toHaveLength(10);
  expect(Buffer.concat(chunks)).toHaveLength(30);
});
