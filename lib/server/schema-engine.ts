import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import type * as Engine from "@prisma/schema-engine-wasm/schema_engine_bg";
import type { Pool } from "pg";

let loading: Promise<typeof Engine> | undefined;

/** This is the WebAssembly form. The native one would be downloaded from a host that a server may not reach. */
export async function schemaEngine(pool: Pool): Promise<Engine.SchemaEngine> {
  loading ??= load();
  const engine = await loading;
  const ignoreLog = () => {};
  return engine.SchemaEngine.new(
    { datamodels: undefined },
    ignoreLog,
    bindMigrationAwareSqlAdapterFactory(new SingleMessageAdapter(pool)),
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
  override async connect() {
    const adapter = await super.connect();
    adapter.executeScript = async (script) => {
      await adapter.underlyingDriver().query(script);
    };
    return adapter;
  }
}
