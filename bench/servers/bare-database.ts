import { hash, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { Pool } from "pg";
import { serveForBench } from "./serving";

// The barest server that creates, changes and lists tokens: prepared statements on the tables of `makeBareTables` and on the
// tokens of Tessera, without credentials, permissions or checks.

const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 10 });

interface Statement {
  name: string;
  text: string;
}

const statements = {
  token: `INSERT INTO bare.tokens (id, owner_id, name, digest, last_four, enabled, created_at, expires_at)
    VALUES (uuidv7(), $1, $2, $3, $4, true, now(), $5) RETURNING id`,
  grant: "INSERT INTO bare.grants (token_id, permission) VALUES ($1, $2)",
  event: "INSERT INTO bare.events (at, action, actor_id, subject_id, after) VALUES (now(), $1, $2, $3, $4)",
  switch: "UPDATE bare.tokens SET enabled = NOT enabled WHERE id = $1 AND expires_at > now() RETURNING name, enabled",
  remove: "DELETE FROM bare.tokens WHERE id = $1 RETURNING name",
  list: `SELECT id, kind, name, description, last_four, enabled, all_permissions, in_url, created_at, expires_at,
      last_used_at, last_used_address, last_used_agent
    FROM tokens WHERE owner_id = $1 AND kind = 'api' AND (created_at, id) < ($2, $3)
    ORDER BY created_at DESC, id DESC LIMIT 26`,
};

const statementOf = (name: keyof typeof statements): Statement => ({ name, text: statements[name] });

type Run = (name: keyof typeof statements, ...values: unknown[]) => Promise<Record<string, unknown>[]>;

async function inTransaction<T>(work: (run: Run) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    const result = await work(async (name, ...values) => (await client.query({ ...statementOf(name), values })).rows);
    await client.query("COMMIT");
    return result;
  } catch (error) {
    await client.query("ROLLBACK");
    throw error;
  } finally {
    client.release();
  }
}

async function create(owner: string, request: IncomingMessage) {
  const input = JSON.parse(await text(request));
  const value = randomBytes(32).toString("base64url");
  const digest = hash("sha256", value, "buffer");
  const id = await inTransaction(async (run) => {
    const [row] = await run("token", owner, input.name, digest, value.slice(-4), input.expiresAt);
    await run("grant", row?.id, input.permissions[0]);
    await run("event", "token.create", owner, row?.id, JSON.stringify(input));
    return row?.id;
  });
  return { status: 201, body: { id, ...input, value } };
}

async function change(owner: string, id: string, statement: "switch" | "remove") {
  const changed = await inTransaction(async (run) => {
    const [row] = await run(statement, id);
    if (row) await run("event", `token.${statement}`, owner, id, JSON.stringify(row));
    return row;
  });
  return { status: changed ? 200 : 404, body: { id, ...changed } };
}

async function list(owner: string) {
  const last = "ffffffff-ffff-ffff-ffff-ffffffffffff";
  const { rows } = await pool.query({ ...statementOf("list"), values: [owner, "infinity", last] });
  return { status: 200, body: { items: rows.slice(0, 25), hasMore: rows.length > 25 } };
}

/** The path is `/<owner>/tokens` or `/<owner>/tokens/<id>`. */
function answer(request: IncomingMessage) {
  const [, owner = "", , id = ""] = (request.url ?? "").split("/");
  if (request.method === "POST") return create(owner, request);
  if (request.method === "PATCH") return text(request).then(() => change(owner, id, "switch"));
  return request.method === "DELETE" ? change(owner, id, "remove") : list(owner);
}

const server = createServer(async (request, response) => {
  const { status, body } = await answer(request);
  const sent = JSON.stringify(body);
  response.writeHead(status, { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(sent) });
  response.end(sent);
});
serveForBench(server);
