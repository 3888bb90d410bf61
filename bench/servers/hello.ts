import { createServer } from "node:http";
import { serveForBench } from "./serving";

// The smallest possible server.
const server = createServer((_, response) => {
  response.writeHead(200, { "Content-Length": 2 });
  response.end("ok");
});
serveForBench(server);
