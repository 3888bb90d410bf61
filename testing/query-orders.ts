import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, vi } from "vitest";
import type { EngineOrder } from "@/lib/engine/process";
import { type EngineLimits, type QueryOrder, runQuery } from "@/lib/engine/run";

export const engineLimits: EngineLimits = { memoryMb: 256, seconds: 60, outputMb: 1 };

/** A query that ends only with its process. */
export const endlessQuery = "SELECT count(*) FROM range(1e13::BIGINT)";

/** Makes orders for the engine on a folder `files` with `rain.csv`, which lasts as long as the tests of the file. Beside it is
 * `secret.csv`. */
export function queryOrders() {
  // Processes start slowly on a busy machine.
  vi.setConfig({ testTimeout: 60_000 });
  let base: string;

  beforeAll(async () => {
    base = await mkdtemp(join(tmpdir(), "tessera-engine-"));
    await makeFolder("files");
    await writeFile(pathOf("files", "rain.csv"), "day,mm\nMon,1.5\nTue,0\n");
    await writeFile(pathOf("secret.csv"), "a\nsecret\n");
  });
  afterAll(() => rm(base, { recursive: true, force: true }));

  const pathOf = (...names: string[]) => join(base, ...names);

  async function makeFolder(name: string): Promise<string> {
    await mkdir(pathOf(name));
    return pathOf(name);
  }

  function order(sql: string, more: Partial<QueryOrder> = {}): QueryOrder {
    const places = { folder: pathOf("files"), result: pathOf(`result-${Math.random()}`) };
    return { sql, values: {}, format: "json", ...places, limits: engineLimits, repositoryId: "rain", ...more };
  }

  async function resultOf(sql: string, more: Partial<QueryOrder> = {}): Promise<string> {
    const request = order(sql, more);
    const outcome = await runQuery(request);
    expect(outcome).toHaveProperty("bytes", (await readFile(request.result)).length);
    return readFile(request.result, "utf8");
  }

  /** What is sent to a process for such an order. */
  function messageOf(sql: string, more: Partial<QueryOrder> = {}): EngineOrder {
    const { limits, repositoryId: _, ...query } = order(sql, more);
    const { memoryMb, outputMb } = limits;
    return Object.assign(query, { task: "run" as const, memoryMb, outputBytes: outputMb * 1_000_000, threads: 1 });
  }

  return { pathOf, makeFolder, order, resultOf, messageOf };
}
