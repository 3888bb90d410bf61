import { hash } from "node:crypto";
import { createServer } from "node:http";
import { pool } from "@/lib/db";
import { serveForBench } from "./serving";

const text = `
  SELECT t.enabled, t.expires_at, u.enabled AS owner_enabled
  FROM tokens t JOIN users u ON u.id = t.owner_id WHERE t.digest = $1`;

// The simplest verification: one prepared query per request, without permissions.
const server = createServer(async ({ headers }, response) => {
  const digest = hash("sha256", headers.authorization?.slice("Bearer ".length) ?? "", "buffer");
  const { rows } = await pool().query({ name: "of-value", text, values: [digest] });
  const isGood = rows[0]?.enabled && rows[0].owner_enabled && rows[0].expires_at > new Date();
  response.writeHead(isGood ? 200 : 401, { "Content-Length": 2 });
  response.end("ok");
});
serveForBench(server);
