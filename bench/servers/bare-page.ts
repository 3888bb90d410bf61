import { createServer } from "node:http";
import next from "next";
import { serveForBench } from "./serving";

// A bare page of Next.js, which `buildBarePage` has built.
const app = next({ dev: false, dir: "bench/servers/bare-page", port: 3000, hostname: "localhost" });
await app.prepare();
const handle = app.getRequestHandler();
const server = createServer((request, response) => {
  handle(request, response).catch((error) => response.destroy(error));
});
serveForBench(server);
