import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { routes } from "@/app/api/v1/routes";
import { closeDatabase } from "@/lib/db";
import { createHttpServer } from "@/lib/front/http-server";
import type { Route } from "@/lib/http/endpoint";
import { closeQueue, installQueue } from "@/lib/jobs/queue";
import { retryUntilReachable } from "@/lib/server/retry-until-reachable";
import { startUsage, stopUsage } from "@/lib/verification/usage";

// An instance without pages: the front door with its fast lane, and the REST operations behind it. Tells its port to the
// process that started it, and ends with it.

const table = Object.entries(routes).map(([path, module]) => ({
  pattern: new RegExp(`^${path.replaceAll(/\[(\w+)\]/g, "(?<$1>[^/]+)")}$`),
  module,
}));

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
  const found = table.find(({ pattern }) => pattern.test(url.pathname));
  const route = found?.module[incoming.method as "POST"] as Route | undefined;
  if (!found || !route) {
    outgoing.writeHead(404).end();
    return;
  }
  const body = incoming.method === "GET" ? undefined : new Uint8Array(await buffer(incoming));
  const request = new Request(url, { method: incoming.method, headers: incoming.headers as HeadersInit, body });
  const response = await route(request, { params: Promise.resolve({ ...found.pattern.exec(url.pathname)?.groups }) });
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(Buffer.from(await response.arrayBuffer()));
}
