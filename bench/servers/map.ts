import { hash } from "node:crypto";
import { createServer } from "node:http";
import { closeDatabase, pool } from "@/lib/db";
import { serveForBench } from "./serving";

// All tokens in a Map, without revocation: the limit of a verification in memory.
const known = new Map<string, boolean>();
const { rows } = await pool().query("SELECT encode(digest, 'base64') AS digest FROM tokens");
for (const { digest } of rows) known.set(digest, true);
await closeDatabase();

const server = createServer(({ headers }, response) => {
  const digest = hash("sha256", headers.authorization?.slice("Bearer ".length) ?? "", "base64");
  response.writeHead(known.get(digest) ? 200 : 401, { "Content-Length": 2 });
  response.end("ok");
});
serveForBench(server);
