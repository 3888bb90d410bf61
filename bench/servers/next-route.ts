import { createServer } from "node:http";
import next from "next";
import { sanitizeRequest } from "@/lib/front/request-headers";
import { startUsage } from "@/lib/verification/usage";
import { serveForBench } from "./serving";

// The same operation as a route handler of Next.js, without the fast lane.
const app = next({ dev: false, port: 3000, hostname: "localhost" });
await app.prepare();
startUsage();
const handle = app.getRequestHandler();
const server = createServer((request, response) => {
  sanitizeRequest(request, "127.0.0.1");
  handle(request, response).catch((error) => response.destroy(error));
});
serveForBench(server);
