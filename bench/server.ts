import { hash } from "node:crypto";
import { createServer, type RequestListener } from "node:http";
import { pool } from "@/lib/db";
import { frontDoor } from "@/lib/server/front-door";
import { startUsage } from "@/lib/verification/usage";

// One of the servers that are compared, on a port, until it is ended: `server.ts <kind> <port>`.

/** The least that Node can do. */
const hello: RequestListener = (_, response) => {
  response.writeHead(200, { "Content-Length": 2 });
  response.end("ok");
};

const ofValue = `
  SELECT t.enabled, t.expires_at, u.user_name, u.enabled AS owner_enabled
  FROM tokens t JOIN users u ON u.id = t.owner_id WHERE t.digest = $1`;

/** What everybody builds first: one prepared look-up per request, and no permissions. */
const lookUp: RequestListener = async (request, response) => {
  const digest = hash("sha256", request.headers.authorization?.slice("Bearer ".length) ?? "", "buffer");
  const { rows } = await pool().query({ name: "of-value", text: ofValue, values: [digest] });
  const isGood = rows[0]?.enabled && rows[0].owner_enabled && rows[0].expires_at > new Date();
  response.writeHead(isGood ? 200 : 401, { "Content-Length": 2 });
  response.end("ok");
};

function server(kind: string) {
  if (kind === "hello") return createServer(hello);
  if (kind === "look-up") return createServer(lookUp);
  startUsage();
  return frontDoor(async (_, response) => void response.end()).server;
}

const [kind = "", port] = process.argv.slice(2);
server(kind).listen(Number(port), () => process.send?.("listening"));
process.on("disconnect", () => process.exit(0));
