import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { actorOf, introduceCast } from "@/testing/cast";
import { holdsValue } from "@/testing/leaks";
import { makeToken } from "@/testing/tokens";
import { now } from "../clock";
import { createHttpServer, type HttpServer } from "./http-server";
import { labelProcess } from "./metrics";

interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

let door: HttpServer;
let origin: string;
let value: string;
let tokenId: string;

beforeAll(async () => {
  labelProcess("2");
  door = createHttpServer(async (_, response) => void response.end("a page"));
  door.server.listen(0, "127.0.0.1");
  await once(door.server, "listening");
  origin = `http://127.0.0.1:${(door.server.address() as AddressInfo).port}`;
  await introduceCast(now());
  const made = await makeToken(await actorOf("ada", now()), { allPermissions: true });
  [value, tokenId] = [made.value, made.token.id];
});

afterAll(() => door.stop());

const ask = (path: string, headers: Record<string, string> = {}) => fetch(origin + path, { headers });

/** Reads the text format, version 0.0.4. Throws for a line that is not of it, and for a sample before its TYPE. */
function parse(text: string): { types: Map<string, string>; samples: Sample[] } {
  const types = new Map<string, string>();
  const samples: Sample[] = [];
  for (const line of text.split("\n")) {
    const [, typed, type] = /^# TYPE ([a-z_\d]+) (counter|gauge|histogram|summary)$/.exec(line) ?? [];
    if (typed && type && !types.has(typed)) types.set(typed, type);
    else if (line !== "" && !/^# HELP [a-z_\d]+ \S/.test(line)) samples.push(sampleOf(line, types));
  }
  return { types, samples };
}

function sampleOf(line: string, types: Map<string, string>): Sample {
  const [, name = "", labels = "", value = ""] = /^([a-z_\d]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  const family = name.replace(/_(?:bucket|sum|count)$/, "");
  if (!types.has(name) && types.get(family) !== "histogram") throw new Error(`no sample of a known metric: ${line}`);
  const pairs = [...labels.matchAll(/([a-z_]+)="((?:[^"\\]|\\.)*)"(?:,|$)/g)];
  if (pairs.map(([pair]) => pair).join("") !== labels) throw new Error(`labels that cannot be read: ${line}`);
  if (Number.isNaN(Number(value))) throw new Error(`no number: ${line}`);
  return {
    name,
    labels: Object.fromEntries(pairs.map(([, key = "", text = ""]) => [key, text])),
    value: Number(value),
  };
}

describe("the metrics", () => {
  let text: string;
  let types: Map<string, string>;
  let samples: Sample[];

  const sum = (name: string, labels: Record<string, string> = {}) =>
    samples
      .filter(
        (sample) => sample.name === name && Object.entries(labels).every(([key, is]) => sample.labels[key] === is),
      )
      .reduce((total, sample) => total + sample.value, 0);

  beforeAll(async () => {
    const bearer = { authorization: `Bearer ${value}` };
    for (let times = 0; times < 3; times++) await ask("/api/v1/authorize?permission=jobs:access", bearer);
    await ask("/api/v1/authorize?permission=jobs:access", { authorization: "Bearer nonsense" });
    await ask(`/api/v1/tokens/${tokenId}`, bearer);
    await ask(`/api/v1/jobs?token=${value}`, bearer);
    await ask(`/a/page?token=${value}`);
    const answer = await ask("/metrics");
    expect(answer.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    text = await answer.text();
    ({ types, samples } = parse(text));
  });

  test("include the standard ones of a process beside ours", () => {
    for (const name of [
      "process_cpu_seconds_total",
      "process_resident_memory_bytes",
      "process_start_time_seconds",
      "nodejs_heap_size_used_bytes",
      "nodejs_eventloop_lag_p99_seconds",
      "nodejs_gc_duration_seconds",
      "tessera_verify_remembered",
      "tessera_change_number",
      "tessera_database_connections",
      "tessera_database_connections_idle",
      "tessera_database_waiting",
      "tessera_jobs",
    ]) {
      expect(types.has(name), name).toBe(true);
    }
    expect(sum("process_resident_memory_bytes")).toBeGreaterThan(10_000_000);
    expect(types.get("tessera_verify_hits_total")).toBe("counter");
  });

  test("count requests by path and status, one name for all tokens and for all pages", () => {
    const count = (path: string, status: string) => sum("tessera_request_seconds_count", { path, status });
    expect(count("/api/v1/authorize", "200")).toBe(3);
    expect(count("/api/v1/authorize", "401")).toBe(1);
    expect(count("/api/v1/tokens/{id}", "200")).toBe(1);
    expect(count("/api/*", "200")).toBe(1);
    expect(count("/*", "200")).toBe(1);
  });

  test("have buckets that only grow, up to the count", () => {
    const histograms = [...types].filter(([, type]) => type === "histogram").map(([name]) => name);
    expect(histograms).toEqual(expect.arrayContaining(["tessera_request_seconds", "tessera_verify_lookup_size"]));
    for (const name of histograms) {
      for (const { labels, value: count } of samples.filter((sample) => sample.name === `${name}_count`)) {
        const buckets = samples.filter(
          (sample) =>
            sample.name === `${name}_bucket` && Object.entries(labels).every(([key, is]) => sample.labels[key] === is),
        );
        const values = buckets.map((bucket) => bucket.value);
        expect(values).toEqual(values.toSorted((a, b) => a - b));
        const bounds = buckets.map((bucket) => Number(bucket.labels.le?.replace("+Inf", "Infinity")));
        expect(bounds).toEqual(bounds.toSorted((a, b) => a - b));
        expect([bounds.at(-1), values.at(-1)]).toEqual([Number.POSITIVE_INFINITY, count]);
      }
    }
  });

  test("observe a duration under the first bound that is not below it", () => {
    const total = sum("tessera_request_seconds_sum", { path: "/api/v1/authorize", status: "200" });
    const under = sum("tessera_request_seconds_bucket", { path: "/api/v1/authorize", status: "200", le: "1" });
    expect([total > 0, total < 3, under]).toEqual([true, true, 3]);
  });

  test("count what verification found in memory, looked up and confirmed", () => {
    expect([sum("tessera_verify_misses_total") > 0, sum("tessera_verify_hits_total") > 0]).toEqual([true, true]);
    expect(sum("tessera_verify_lookup_size_sum")).toBe(sum("tessera_verify_misses_total"));
    expect(sum("tessera_verify_confirmation_size_sum")).toBeGreaterThan(0);
  });

  test("carry the number of the process on every figure", () => {
    expect(samples.filter(({ labels }) => labels.process !== "2")).toEqual([]);
  });

  test("tell no token and no value, in no label", () => {
    expect(holdsValue(text)).toBe(false);
    expect(text).not.toContain(tokenId);
    const known = ["path", "status", "le", "process", "kind", "type", "space", "version", "major", "minor", "patch"];
    const used = new Set(samples.flatMap(({ labels }) => Object.keys(labels)));
    expect([...used].filter((label) => !known.includes(label))).toEqual([]);
  });
});
