import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { openConfined } from "@/lib/engine/confine.mjs";
import { writeResult } from "@/lib/engine/formats.mjs";

/** Writes results of queries in this process, confined to a folder that lasts as long as the tests of the file. */
export function writtenResults() {
  let folder: string;
  let connection: Awaited<ReturnType<typeof openConfined>>;
  const pathOf = (name: string) => join(folder, name);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "tessera-results-"));
    connection = await openConfined({ folder, result: pathOf("result"), memoryMb: 256, threads: 1 });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** The text of a result. The query may use $P0, $P1 … for the texts. */
  async function written(sql: string, format: string, texts: (string | null)[] = []): Promise<string> {
    const values = Object.fromEntries(texts.map((value, at) => [`P${at}`, { type: "text", value }]));
    await writeResult(connection, { format, result: pathOf("result"), outputBytes: 1_000_000, values }, sql);
    return readFile(pathOf("result"), "utf8");
  }

  return { pathOf, written, rowsOf: async (sql: string) => JSON.parse(await written(sql, "json")) };
}
