import type { IncomingMessage, ServerResponse } from "node:http";
import { isOutage, pool } from "../db";
import type { Histogram } from "../histogram";
import { endpoint } from "../http/endpoint";
import { countUnfinishedJobs } from "../jobs/queries";
import { log } from "../log";
import { tokenResolver } from "../verification/token-resolver";
import { latencyLines } from "./latencies";

let processLabel = "";

/** From now on every figure says that it is of this one of several processes on a port. */
export function labelProcess(number: string): void {
  processLabel = `process="${number}"`;
}

/** What this process has done since it started, in the text format of Prometheus (version 0.0.4). */
export async function metricsText(): Promise<string> {
  const { counts, memory, sizes } = tokenResolver();
  const { totalCount, idleCount, waitingCount } = pool();
  const { rss, heapUsed } = process.memoryUsage();
  return [
    ...latencyLines(),
    ...single("tessera_verify_hits_total", "counter", "Tokens found in memory.", counts.hits),
    ...single("tessera_verify_misses_total", "counter", "Tokens looked up.", counts.misses),
    ...histogram("tessera_verify_lookup_size", "Tokens looked up by one statement.", sizes.lookUps),
    ...histogram("tessera_verify_confirmation_size", "Answers confirmed by one read.", sizes.confirmations),
    ...single("tessera_verify_remembered", "gauge", "Tokens in memory.", memory.size),
    ...single("tessera_change_number", "gauge", "The change that the memory knows of.", memory.position.number),
    ...single("tessera_database_connections", "gauge", "Open connections.", totalCount),
    ...single("tessera_database_connections_idle", "gauge", "Of these, idle ones.", idleCount),
    ...single("tessera_database_waiting", "gauge", "Queries that wait for a connection.", waitingCount),
    ...(await unfinished()),
    ...single("process_resident_memory_bytes", "gauge", "Memory of the process.", rss),
    ...single("process_heap_bytes", "gauge", "Of that, JavaScript's heap in use.", heapUsed),
    "",
  ]
    .map(ofThisProcess)
    .join("\n");
}

/** Adds the label to a line with a figure. */
function ofThisProcess(line: string): string {
  if (processLabel === "" || line === "" || line.startsWith("#")) return line;
  return line.replace(
    /^(\w+)(?:\{(.*)\})? /,
    (_, name, labels) => `${name}{${labels ? `${labels},` : ""}${processLabel}} `,
  );
}

function single(name: string, type: "counter" | "gauge", help: string, value: number): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, `${name} ${value}`];
}

function histogram(name: string, help: string, counted: Histogram): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} histogram`, ...counted.lines(name)];
}

/** The queue of jobs, of all instances. An outage of the database must not hide the rest. */
async function unfinished(): Promise<string[]> {
  const name = "tessera_jobs";
  try {
    const counts = await countUnfinishedJobs();
    const lines = Object.entries(counts).map(([status, count]) => `${name}{status="${status}"} ${count}`);
    return [`# HELP ${name} Jobs that are not finished.`, `# TYPE ${name} gauge`, ...lines];
  } catch (error) {
    if (!isOutage(error)) throw error;
    return [];
  }
}

const metricsType = "text/plain; version=0.0.4; charset=utf-8";

/** For whoever may monitor the server. */
export const metrics = endpoint(
  {
    summary: "Read the metrics of this instance",
    permission: "server:monitor",
    answers: { 200: { description: "In the text format of Prometheus.", contentType: metricsType } },
  },
  async () => new Response(await metricsText(), { headers: { "Content-Type": metricsType } }),
);

/** Answers a program on this machine that comes by itself, not through a proxy, without asking who it is. */
export function tryLocalMetrics({ url, method, headers, socket }: IncomingMessage, response: ServerResponse): boolean {
  const isDirect = !proxyHeaders.some((name) => name in headers);
  if (url !== "/metrics" || method !== "GET" || !isDirect || !isLoopback(socket.remoteAddress ?? "")) return false;
  metricsText().then(
    (text) => {
      response.writeHead(200, { "Content-Type": metricsType, "Cache-Control": "no-store" });
      response.end(text);
    },
    (error) => {
      log.error({ err: error }, "the metrics failed by a fault of ours");
      response.destroy();
    },
  );
  return true;
}

const proxyHeaders = ["x-forwarded-for", "x-forwarded-host", "x-real-ip", "forwarded", "via"];
const isLoopback = (address: string) => /^(?:::ffff:)?127\.|^::1$/.test(address);
