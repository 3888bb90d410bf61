import { createServer } from "node:http";
import { serving } from "./serving";

// The least that Node can do.
const server = createServer((_, response) => {
  response.writeHead(200, { "Content-Length": 2 });
  response.end("ok");
});
serving(server);
