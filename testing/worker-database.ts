import { Client } from "pg";
import { afterAll, inject } from "vitest";
import { closeDatabase } from "@/lib/db";

// Before each test file its worker gets a new copy of the migrated database, so that test files do not affect each other.
const template = new URL(inject("templateUrl"));
const copy = new URL(template);
copy.pathname = `${template.pathname}_${process.env.VITEST_POOL_ID}`;

const server = new Client({ connectionString: new URL("postgres", template).href });
await server.connect();
await server.query(`DROP DATABASE IF EXISTS ${copy.pathname.slice(1)} WITH (FORCE)`);
await server.query(`CREATE DATABASE ${copy.pathname.slice(1)} TEMPLATE ${template.pathname.slice(1)}`);
await server.end();

process.env.DATABASE_URL = copy.href;
process.env.AUTH_SECRET = "only-for-tests-0123456789-abcdefghijklmnop";

afterAll(closeDatabase);
