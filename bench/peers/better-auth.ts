import { hash, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { apiKey } from "@better-auth/api-key";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { toNodeHandler } from "better-auth/node";
import { Pool } from "pg";
import { serveForBench } from "../servers/serving";

// better-auth with its API keys, behind node:http: `better-auth.ts database|memory <number of keys>` verifies them, and `better-auth.ts
// create` creates them by its HTTP interface. It has its default settings except for its rate limits (ten requests a day per key, a
// hundred in ten seconds per address), which would prevent a measurement.

const [task, count] = [process.argv[2], Number(process.argv[3])];
const database = new Pool({ connectionString: process.env.DATABASE_URL, max: 20 });
const entries = new Map<string, string>();
const inMemory = {
  get: (key: string) => entries.get(key) ?? null,
  set: (key: string, value: string) => void entries.set(key, value),
  delete: (key: string) => void entries.delete(key),
  getAndDelete: (key: string) => {
    const value = entries.get(key) ?? null;
    entries.delete(key);
    return value;
  },
  increment: (key: string) => {
    const value = Number(entries.get(key) ?? 0) + 1;
    entries.set(key, String(value));
    return value;
  },
};

const auth = betterAuth({
  database,
  baseURL: "http://localhost",
  secret: randomBytes(32).toString("base64url"),
  telemetry: { enabled: false },
  logger: { disabled: true },
  rateLimit: { enabled: false },
  emailAndPassword: { enabled: true },
  secondaryStorage: task === "memory" ? inMemory : undefined,
  plugins: [
    apiKey({
      storage: task === "memory" ? "secondary-storage" : "database",
      rateLimit: { enabled: false },
    }),
  ],
});

const permissions = { jobs: ["access"] };
const person = { email: "bench@example.org", password: randomBytes(12).toString("hex"), name: "Bench" };
await (await getMigrations(auth.options)).runMigrations();
if (task === "create") {
  serveForBench(createServer(toNodeHandler(auth)), { values: [await signUp()] });
} else {
  const values = await createKeys();
  const server = createServer(async ({ headers }, response) => {
    const key = headers.authorization?.slice("Bearer ".length) ?? "";
    const { valid } = await auth.api.verifyApiKey({ body: { key, permissions } });
    response.writeHead(valid ? 200 : 401, { "Content-Length": 2 });
    response.end("ok");
  });
  serveForBench(server, { values });
}

/** Returns the cookie of a session. */
async function signUp(): Promise<string> {
  const { headers } = await auth.api.signUpEmail({ body: person, asResponse: true });
  return headers
    .getSetCookie()
    .map((cookie) => cookie.split(";", 1)[0])
    .join("; ");
}

async function createKeys(): Promise<string[]> {
  const { user } = await auth.api.signUpEmail({ body: person });
  const make = async () => (await auth.api.createApiKey({ body: { userId: user.id, permissions } })).key;
  if (task !== "memory") return insertCopies(await make());
  const made: string[] = [];
  while (made.length < count) made.push(await make());
  return made;
}

/** Inserts copies of the row that better-auth has created, with other values. Returns the values. */
async function insertCopies(key: string): Promise<string[]> {
  const { rows } = await database.query("SELECT * FROM apikey");
  const values = Array.from({ length: count }, () => randomBytes(key.length).toString("hex").slice(0, key.length));
  const digests = values.map((value) => hash("sha256", value, "base64url"));
  const copied = Object.keys(rows[0]).filter((column) => column !== "id" && column !== "key");
  const columns = copied.map((column) => `"${column}"`).join(", ");
  await database.query(
    `INSERT INTO apikey (id, key, ${columns})
     SELECT gen_random_uuid()::text, digest, ${columns} FROM apikey, unnest($1::text[]) AS given (digest)`,
    [digests],
  );
  await database.query("VACUUM ANALYZE apikey");
  return values;
}
