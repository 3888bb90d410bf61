import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { Client } from "pg";
import unleash from "unleash-server";
import { LogLevel } from "unleash-server/dist/lib/logger.js";
import { migrateDb } from "unleash-server/dist/migrator.js";
import { serveForBench } from "../servers/serving";

// Unleash with its default settings: `unleash.ts <number of client tokens> [<value of an administrator's token>]`.

const [count, administrator] = [Number(process.argv[2]), process.argv[3]];
const { hostname, port, username, password, pathname } = new URL(process.env.DATABASE_URL ?? "");
const db = { host: hostname, port: Number(port), user: username, password, database: pathname.slice(1), ssl: false };

await migrateDb({ db: { ...db, driver: "postgres", schema: "public" } } as never);
const values = await createTokens();
const { app } = await unleash.create({
  db,
  versionCheck: { enable: false, url: "" },
  telemetry: false,
  logLevel: LogLevel.error,
});
serveForBench(createServer(app), { values });

async function createTokens(): Promise<string[]> {
  const client = new Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  const values = Array.from({ length: count }, () => `*:development.${randomBytes(28).toString("hex")}`);
  await client.query(
    `INSERT INTO api_tokens (secret, username, token_name, type, environment)
     SELECT secret, 'bench', 'bench', 'client', 'development' FROM unnest($1::text[]) AS given (secret)`,
    [values],
  );
  if (administrator !== undefined) {
    await client.query(
      "INSERT INTO api_tokens (secret, username, token_name, type) VALUES ($1, 'bench', 'bench', 'admin')",
      [administrator],
    );
  }
  await client.query("VACUUM ANALYZE");
  await client.end();
  return values;
}
