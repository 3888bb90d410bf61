import type { IncomingMessage, ServerResponse } from "node:http";
import { pool } from "../db";
import { recognition } from "../verification/recognition";
import { endpoint } from "./endpoint";
import { latencyLines } from "./latencies";

let processLabel = "";

/** From now on every figure says that it is of this one of several processes on a port. */
export function nameProcess(number: string): void {
  processLabel = `process="${number}"`;
}

/** What this process has done since it started, in the text format of Prometheus (version 0.0.4). */
export function metricsText(): string {
  const { counts, memory } = recognition();
  const { totalCount, idleCount, waitingCount } = pool();
  const { rss, heapUsed } = process.memoryUsage();
  return [
    ...latencyLines(),
    ...single("tessera_verify_hits_total", "counter", "Tokens found in memory.", counts.hits),
    ...single("tessera_verify_misses_total", "counter", "Tokens looked up.", counts.misses),
    ...single("tessera_verify_lookups_total", "counter", "Statements that looked tokens up.", counts.lookUps),
    ...single("tessera_verify_confirmed_total", "counter", "Answers that waited for a confirmation.", counts.asked),
    ...single("tessera_verify_confirmations_total", "counter", "Reads of the change counter.", counts.reads),
    ...single("tessera_verify_remembered", "gauge", "Tokens in memory.", memory.size),
    ...single("tessera_change_number", "gauge", "The change that the memory knows of.", memory.position.number),
    ...single("tessera_database_connections", "gauge", "Open connections.", totalCount),
    ...single("tessera_database_connections_idle", "gauge", "Of these, idle ones.", idleCount),
    ...single("tessera_database_waiting", "gauge", "Queries that wait for a connection.", waitingCount),
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

const metricsType = "text/plain; version=0.0.4; charset=utf-8";

/** For whoever may monitor the server. */
export const metrics = endpoint(
  {
    summary: "Read the metrics of this instance",
    permission: "server:monitor",
    answers: { 200: { description: "In the text format of Prometheus.", contentType: metricsType } },
  },
  () => new Response(metricsText(), { headers: { "Content-Type": metricsType } }),
);

/** Answers a program on this machine that comes by itself, not through a proxy, without asking who it is. */
export function answersLocalMetrics(
  { url, method, headers, socket }: IncomingMessage,
  response: ServerResponse,
): boolean {
  const isDirect = !proxyHeaders.some((name) => name in headers);
  if (url !== "/metrics" || method !== "GET" || !isDirect || !isLoopback(socket.remoteAddress ?? "")) return false;
  response.writeHead(200, { "Content-Type": metricsType, "Cache-Control": "no-store" });
  response.end(metricsText());
  return true;
}

const proxyHeaders = ["x-forwarded-for", "x-forwarded-host", "x-real-ip", "forwarded", "via"];
const isLoopback = (address: string) => /^(?:::ffff:)?127\.|^::1$/.test(address);
