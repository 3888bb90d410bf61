import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import type * as Engine from "@prisma/schema-engine-wasm/schema_engine_bg";
import type { Pool } from "pg";

let loading: Promise<typeof Engine> | undefined;

/** The transaction of a migration holds this lock. PostgreSQL may still execute one whose server was killed. */
export const migrationLock = "hashtext('tessera migration')";

/** Loads Prisma's schema engine as WebAssembly: the native one would be downloaded from a host that a server may not
 * reach. `onFailure` is called with the error of PostgreSQL, which the engine replaces by a number. */
export async function schemaEngine(pool: Pool, onFailure: (error: unknown) => void): Promise<Engine.SchemaEngine> {
  loading ??= load();
  const engine = await loading;
  const ignoreLog = () => {};
  return engine.SchemaEngine.new(
    { datamodels: undefined },
    ignoreLog,
    bindMigrationAwareSqlAdapterFactory(new SingleMessageAdapter(pool, onFailure)),
  );
}

/** To save memory, the engine is loaded only when there is something to migrate. */
async function load(): Promise<typeof Engine> {
  const engine = await import("@prisma/schema-engine-wasm/schema_engine_bg");
  const glue = createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm/schema_engine_bg");
  const program = join(dirname(glue), "schema_engine_bg.wasm");
  const { instance } = await WebAssembly.instantiate(await readFile(program), {
    "./schema_engine_bg.js": engine as never,
  });
  engine.__wbg_set_wasm(instance.exports);
  (instance.exports.__wbindgen_start as () => void)();
  return engine;
}

/** PostgreSQL executes one message as one transaction. Prisma's own adapter splits a migration at every semicolon, even
 * inside functions and comments. */
class SingleMessageAdapter extends PrismaPg {
  constructor(
    pool: Pool,
    readonly onFailure: (error: unknown) => void,
  ) {
    super(pool);
  }

  override async connect() {
    const adapter = await super.connect();
    adapter.executeScript = async (script) => {
      await adapter
        .underlyingDriver()
        .query([takeLock, script.replace(createPublic, ensurePublic), markFinished].join("\n;\n"))
        .catch((error) => {
          this.onFailure(error);
          throw error;
        });
    };
    return adapter;
  }
}

const takeLock = `SELECT pg_advisory_xact_lock(${migrationLock})`;

/** It is part of the transaction, so that a migration is recorded exactly when it was committed. The engine's own record
 * follows, and the server may be killed before it. One migration runs at a time. */
const markFinished = `DO 'BEGIN IF to_regclass(''_prisma_migrations'') IS NOT NULL THEN
  UPDATE _prisma_migrations SET finished_at = now() WHERE finished_at IS NULL AND rolled_back_at IS NULL; END IF; END'`;

/** Without the right to create schemas, PostgreSQL refuses this even when the schema exists. */
const createPublic = /^CREATE SCHEMA IF NOT EXISTS "public";$/m;
const ensurePublic = () => "DO 'BEGIN IF to_regnamespace(''public'') IS NULL THEN CREATE SCHEMA public; END IF; END';";
