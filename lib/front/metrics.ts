import type { IncomingMessage, ServerResponse } from "node:http";
import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import { pool } from "../db";
import { endpoint } from "../http/endpoint";
import { countUnfinishedJobs } from "../jobs/queries";
import { log } from "../log";
import { isOutage } from "../outage";
import { perProcess } from "../per-process";
import { tokenResolver } from "../verification/token-resolver";
import { requestSeconds } from "./latencies";

let processLabels = {};

/** Labels all metrics, because several processes share one port. Call it before `startMetrics`. */
export function labelProcess(number: string): void {
  processLabels = { process: number };
}

const metricsRegistry = perProcess("metrics", () => {
  const registry = new Registry();
  registry.setDefaultLabels(processLabels);
  registry.registerMetric(requestSeconds);
  addVerification(registry);
  addDatabase(registry);
  addJobs(registry);
  collectDefaultMetrics({ register: registry });
  return registry;
});

/** Collects from the start, because events such as garbage collections are only seen when they happen. */
export function startMetrics(): void {
  metricsRegistry();
}

function addVerification(registry: Registry): void {
  const { counts, memory, sizes } = tokenResolver();
  addCounter(registry, "tessera_verify_hits_total", "Tokens found in memory.", () => counts.hits);
  addCounter(registry, "tessera_verify_misses_total", "Tokens looked up in the database.", () => counts.misses);
  registry.registerMetric(sizes.lookUps);
  registry.registerMetric(sizes.confirmations);
  addGauge(registry, "tessera_verify_remembered", "Tokens in memory.", () => memory.size);
  addGauge(registry, "tessera_change_number", "Last change that the memory includes.", () => memory.position.number);
}

function addDatabase(registry: Registry): void {
  addGauge(registry, "tessera_database_connections", "Open connections.", () => pool().totalCount);
  addGauge(registry, "tessera_database_connections_idle", "Open connections that are idle.", () => pool().idleCount);
  addGauge(registry, "tessera_database_waiting", "Queries that wait for a connection.", () => pool().waitingCount);
}

/** The queue of all instances. An outage of the database must not hide the other metrics. */
function addJobs(registry: Registry): void {
  new Gauge({
    name: "tessera_jobs",
    help: "Jobs of all instances that are not finished.",
    labelNames: ["status"],
    registers: [registry],
    async collect() {
      this.reset();
      try {
        for (const [status, count] of Object.entries(await countUnfinishedJobs())) this.set({ status }, count);
      } catch (error) {
        if (!isOutage(error)) throw error;
      }
    },
  });
}

function addCounter(registry: Registry, name: string, help: string, read: () => number): void {
  new Counter({
    name,
    help,
    registers: [registry],
    collect() {
      this.reset();
      this.inc(read());
    },
  });
}

function addGauge(registry: Registry, name: string, help: string, read: () => number): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(read());
    },
  });
}

const metricsType = Registry.PROMETHEUS_CONTENT_TYPE;

export const metrics = endpoint(
  {
    summary: "Get the metrics of this instance",
    permission: "server:monitor",
    answers: { 200: { description: "Metrics in the Prometheus text format.", contentType: metricsType } },
  },
  async () => new Response(await metricsRegistry().metrics(), { headers: { "Content-Type": metricsType } }),
);

/** Answers a program on this machine that connects directly, not through a proxy, without authentication. */
export function tryLocalMetrics({ url, method, headers, socket }: IncomingMessage, response: ServerResponse): boolean {
  const isDirect = !proxyHeaders.some((name) => name in headers);
  if (url !== "/metrics" || method !== "GET" || !isDirect || !isLoopback(socket.remoteAddress ?? "")) return false;
  metricsRegistry()
    .metrics()
    .then(
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
