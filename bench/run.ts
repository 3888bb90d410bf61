import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { closeDatabase } from "@/lib/db";
import { freePort } from "@/lib/server/database";
import { migrate } from "@/lib/server/migrate";
import { throwawayDatabase } from "@/lib/testing/throwaway-database";
import { makeValue } from "@/lib/tokens/value";
import type { Load, Measured } from "./load";
import { makeManyTokens } from "./many-tokens";

interface Row {
  title: string;
  kind: "hello" | "look-up" | "tessera";
  /** Tokens that Tessera may remember. */
  memory?: number;
  values: string[];
}

interface Settings {
  tokens: number;
  rounds: number;
  seconds: number;
  connections: number;
}

const path = "/api/v1/authorize?permission=jobs:access";

/** Measures the rows one after the other, several times over, and prints the medians beside the limits of this machine. */
export async function bench({ tokens, rounds, seconds, connections }: Settings): Promise<void> {
  const database = await throwawayDatabase();
  Object.assign(process.env, { DATABASE_URL: database.url, AUTH_SECRET: makeValue("api").reveal() });
  const children: ChildProcess[] = [];
  try {
    await migrate(database.url);
    console.log(`  Making ${tokens} tokens …`);
    const rows = rowsOf(await makeManyTokens(tokens));
    const ports = new Map<Row, number>();
    for (const row of rows) {
      const { child, port } = await started(row);
      children.push(child);
      ports.set(row, port);
    }
    const measured = new Map<Row, Measured[]>(rows.map((row) => [row, []]));
    for (let round = -1; round < rounds; round++) {
      for (const row of rows) {
        const load = { port: ports.get(row) ?? 0, connections, path, values: row.values };
        const result = await underLoad({ ...load, seconds: round < 0 ? 1 : seconds });
        if (round >= 0) measured.get(row)?.push(result);
      }
    }
    await report(
      rows.map((row) => ({ title: row.title, kind: row.kind, ...medians(measured.get(row) ?? []) })),
      { tokens, rounds, seconds, connections },
    );
  } finally {
    for (const child of children) child.disconnect();
    await closeDatabase();
    await database.stop();
  }
}

function rowsOf(values: string[]): Row[] {
  const few = values.slice(0, 1_000);
  const unknown = few.map(() => makeValue("api").reveal());
  return [
    { title: "raw node:http", kind: "hello", values: few },
    { title: "node:http + prepared look-up", kind: "look-up", values },
    { title: "Tessera authorize, warm", kind: "tessera", values: few },
    { title: "Tessera authorize, cold", kind: "tessera", memory: 1_000, values },
    { title: "Tessera, values nobody has", kind: "tessera", values: unknown },
    { title: "Tessera, junk", kind: "tessera", values: ["tsa_junk"] },
  ];
}

const execArgv = ["--import", "tsx", "--conditions=react-server"];

async function started({ kind, memory }: Row): Promise<{ child: ChildProcess; port: number }> {
  const port = (await freePort(0)) ?? 0;
  const env = { ...process.env, ...(memory && { TESSERA_VERIFY_MEMORY: String(memory) }) };
  const child = fork("bench/server.ts", [kind, String(port)], { execArgv, env });
  await once(child, "message");
  return { child, port };
}

async function underLoad(load: Load): Promise<Measured> {
  const child = fork("bench/load.ts", { execArgv });
  child.send(load);
  const [measured] = await once(child, "message");
  return measured as Measured;
}

type Median = Pick<Measured, "perSecond" | "p50" | "p99" | "statuses">;

function medians(results: Measured[]): Median {
  const of = (pick: (each: Measured) => number) =>
    results.map(pick).toSorted((a, b) => a - b)[results.length >> 1] ?? 0;
  const statuses = results[0]?.statuses ?? {};
  return {
    perSecond: of((each) => each.perSecond),
    p50: of((each) => each.p50),
    p99: of((each) => each.p99),
    statuses,
  };
}

async function report(results: (Median & { title: string; kind: string })[], settings: Settings): Promise<void> {
  const rate = (kind: string) => results.find((each) => each.kind === kind)?.perSecond ?? Number.NaN;
  const [raw, lookUp] = [rate("hello"), rate("look-up")];
  console.log(`\n  ${"".padEnd(32)}    req/s  of raw  of look-up   p50 ms   p99 ms  answers`);
  for (const { title, perSecond, p50, p99, statuses } of results) {
    const figures = [
      perSecond.toFixed(0).padStart(9),
      (perSecond / raw).toFixed(2).padStart(8),
      (perSecond / lookUp).toFixed(2).padStart(12),
      p50.toFixed(2).padStart(9),
      p99.toFixed(2).padStart(9),
    ];
    console.log(`  ${title.padEnd(32)}${figures.join("")}  ${Object.keys(statuses).join(", ")}`);
  }
  const moment = new Date().toISOString();
  const file = `bench/results/${moment.slice(0, 10)}.json`;
  const machine = { cpus: cpus().length, model: cpus()[0]?.model, node: process.version };
  await mkdir("bench/results", { recursive: true });
  await writeFile(file, `${JSON.stringify({ moment, machine, settings, results }, null, 2)}\n`);
  console.log(`\n  Kept in ${file}.\n`);
}
