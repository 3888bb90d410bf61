import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "@/lib/server/database";
import { budgets } from "../budgets";
import { median } from "../rounds";
import { judge, type Row } from "../row";
import type { Bench, Section } from "../section";

const timeoutMs = 180_000;

/** The time from `npm start` until the server is ready, with the embedded PostgreSQL. */
export const start: Section = {
  name: "start",
  about: "npm start of a built tree, until ready",
  async run({ sizes }: Bench): Promise<Row[]> {
    const folder = await mkdtemp(join(tmpdir(), "tessera-bench-start-"));
    try {
      const first = await measureStart(folder);
      const others: number[] = [];
      while (others.length < sizes.repeats) others.push(await measureStart(folder));
      return [
        { title: "first start, with creating the database", figure: `${first.toFixed(1)} s` },
        {
          title: "later starts",
          figure: `${median(others).toFixed(1)} s`,
          verdicts: [judge(budgets.start, median(others))],
        },
      ];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function measureStart(folder: string): Promise<number> {
  const port = await freePort(0);
  const env = { PORT: String(port), TESSERA_DATA_DIR: folder, DATABASE_URL: "", AUTH_SECRET: "", WEB_CONCURRENCY: "1" };
  const began = performance.now();
  const child = spawn(process.execPath, ["lib/server/bootstrap.mjs", "start"], {
    stdio: "ignore",
    env: { ...process.env, ...env, npm_lifecycle_event: undefined },
  });
  const exited = once(child, "exit");
  try {
    while (!(await isReady(`http://localhost:${port}/health/ready`))) {
      if (child.exitCode !== null) throw new Error(`npm start ended with exit code ${child.exitCode}.`);
      if (performance.now() - began > timeoutMs) throw new Error("npm start did not become ready.");
      await delay(20);
    }
    return (performance.now() - began) / 1000;
  } finally {
    child.kill("SIGTERM");
    await exited;
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}
