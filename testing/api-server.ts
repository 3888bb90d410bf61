import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { closeDatabase } from "@/lib/db";
import { createHttpServer } from "@/lib/front/http-server";
import { closeQueue, installQueue } from "@/lib/jobs/queue";
import { retryUntilReachable } from "@/lib/server/retry-until-reachable";
import { startUsage, stopUsage } from "@/lib/verification/usage";
import { answerByRoute } from "./answer-by-route";

// An instance without pages: the HTTP server with its fast lane, and the REST operations behind it. It sends its port to the
// process that started it, and ends when that process does.

await retryUntilReachable(installQueue);
const { server, stop } = createHttpServer(answer);
startUsage();
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
process.on("disconnect", async () => {
  await stop();
  await stopUsage();
  await closeQueue();
  await closeDatabase();
  process.exit();
});

async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const url = new URL(incoming.url ?? "/", "http://localhost:3000");
  const body = incoming.method === "GET" ? undefined : new Uint8Array(await buffer(incoming));
  const headers = incoming.headers as HeadersInit;
  const response = await answerByRoute(new Request(url, { method: incoming.method, headers, body }));
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(Buffer.from(await response.arrayBuffer()));
}
