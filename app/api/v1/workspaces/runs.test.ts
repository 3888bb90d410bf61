import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Route } from "@/lib/http/endpoint";
import type { methods } from "@/lib/http/methods";
import { startJobs } from "@/lib/jobs/worker";
import type { RouteModule } from "@/lib/openapi/document";
import { createRepository } from "@/lib/repositories/commands";
import { actorOf, introduceCast } from "@/testing/cast";
import { makeToken } from "@/testing/tokens";
import { routes } from "../routes";

// The story of a run over REST, from publishing to the result, through the door itself.

// Runs and checks start processes, which take their time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const now = new Date();
const gaugeLevels = "/api/v1/workspaces/Rivers/gauge-levels";
const source = "/*---\ntitle: Slow\noutput: json\n---*/\nSELECT count(*) AS n FROM range(1e13::BIGINT)\n";

let folder: string;
let jobs: Awaited<ReturnType<typeof startJobs>>;
let adas: string;
let olus: string;
let runner: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tessera-runs-"));
  process.env.TESSERA_DATA_DIR = folder;
  await introduceCast(now);
  await createRepository(await actorOf("ada", now), { name: "Mine", description: "" });
  adas = (await makeToken(await actorOf("ada", now), { allPermissions: true })).value;
  const olu = await actorOf("olu", now);
  olus = (await makeToken(olu, { allPermissions: true })).value;
  runner = (await makeToken(olu, { permissions: ["workspace/Rivers/gauge-levels:run"], inUrl: true })).value;
  jobs = await startJobs();
});

afterAll(async () => {
  await jobs.stop();
  await rm(folder, { recursive: true });
});

interface Sent {
  token?: string;
  json?: unknown;
  body?: BodyInit;
  headers?: Record<string, string>;
}

/** Sends a request through the route whose path fits, as Next.js would. */
async function send(method: (typeof methods)[number], path: string, { token, json, body, headers }: Sent = {}) {
  const url = new URL(path, "http://localhost:3000");
  const request = new Request(url, {
    method,
    body: json === undefined ? body : JSON.stringify(json),
    headers: {
      ...(token && { Authorization: `Bearer ${token}` }),
      ...(json !== undefined && { "Content-Type": "application/json" }),
      ...headers,
    },
  });
  const { module, params } = routeFor(url.pathname);
  const handler = module[method];
  if (typeof handler !== "function") throw new Error(`There is no ${method} ${path}.`);
  return (handler as Route)(request, { params: Promise.resolve(params) });
}

function routeFor(path: string): { module: RouteModule; params: Record<string, string> } {
  for (const [template, module] of Object.entries(routes)) {
    const pattern = template.replaceAll(/\[(\w+)\]/g, "(?<$1>[^/]+)");
    const match = new RegExp(`^${pattern}$`).exec(path);
    if (match) {
      const params = Object.entries(match.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]);
      return { module, params: Object.fromEntries(params) };
    }
  }
  throw new Error(`There is no route ${path}.`);
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await condition()); tries++) {
    if (tries > 800) throw new Error("This never came to be.");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test("a run answers with the result in its own format and the number of its job", async () => {
  const answer = await send("POST", `${gaugeLevels}/runs`, { token: runner, json: { parameters: { LEVEL: 100 } } });
  expect(answer.status).toBe(200);
  expect(answer.headers.get("cache-control")).toBe("no-store");
  const body = await answer.text();
  expect(Number(answer.headers.get("content-length"))).toBe(Buffer.byteLength(body));

  const id = answer.headers.get("x-tessera-job");
  const job = await (await send("GET", `/api/v1/jobs/${id}`, { token: runner })).json();
  expect(job).toMatchObject({ id: Number(id), status: "succeeded", result: { rows: 2 } });
  expect(answer.headers.get("content-type")).toBe(job.result.mediaType);
  expect(await (await send("GET", `/api/v1/jobs/${id}/result`, { token: runner })).text()).toBe(body);
  expect(await (await send("GET", `/api/v1/jobs/${id}/log`, { token: runner })).json()).toMatchObject({
    items: [{ level: "info" }, { level: "info" }],
  });
});

test("a token that was made for it may come in the URL of a run and of a result, and nowhere else", async () => {
  const run = await send("POST", `${gaugeLevels}/runs?token=${runner}`, { json: {} });
  expect(run.status).toBe(200);
  const job = run.headers.get("x-tessera-job");
  expect((await send("GET", `/api/v1/jobs/${job}/result?fmetoken=${runner}`)).status).toBe(200);
  expect((await send("GET", `/api/v1/jobs/${job}?token=${runner}`)).status).toBe(401);
  expect((await send("POST", `${gaugeLevels}/runs?token=${olus}`, { json: {} })).status).toBe(401);
});

test("a caller who will not wait gets the job, may cancel it once, and reads why there is no result", async () => {
  const slow = "/api/v1/workspaces/Mine/slow";
  const type = { "Content-Type": "application/sql" };
  expect((await send("PUT", slow, { token: adas, body: source, headers: type })).status).toBe(201);
  const submitted = await send("POST", `${slow}/runs`, {
    token: adas,
    json: {},
    headers: { Prefer: "wait=1, respond-async" },
  });
  expect(submitted.status).toBe(202);
  const location = submitted.headers.get("location") ?? "";
  const job = async () => (await send("GET", location, { token: adas })).json();
  await until(async () => (await job()).status === "running");
  expect((await send("GET", `${location}/result`, { token: adas })).status).toBe(409);
  expect((await send("POST", `${location}/cancellation`, { token: adas })).status).toBe(200);
  expect((await send("POST", `${location}/cancellation`, { token: adas })).status).toBe(409);
  const result = await send("GET", `${location}/result`, { token: adas });
  expect(result.status).toBe(422);
  expect(await result.json()).toMatchObject({ detail: "Cancelled by ada.", jobStatus: "cancelled" });
});

test("a run that fails answers 422 with the reason and the job", async () => {
  const broken = "/api/v1/workspaces/Mine/broken";
  const body = source.replace("range(1e13::BIGINT)", "'absent.csv'");
  await send("PUT", broken, { token: adas, body, headers: { "Content-Type": "text/plain" } });
  const answer = await send("POST", `${broken}/runs`, { token: adas, json: {} });
  expect(answer.status).toBe(422);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  const problem = await answer.json();
  expect(problem).toMatchObject({ detail: expect.stringContaining("absent.csv"), jobStatus: "failed" });
  expect(answer.headers.get("x-tessera-job")).toBe(String(problem.job));
});

test.each([
  [{ parameters: { LEVEL: "high" } }, "parameters.LEVEL"],
  [{ parameters: { HEIGHT: 1 } }, "parameters.HEIGHT"],
  [{ parameters: { LEVEL: [1] } }, "parameters.LEVEL"],
  [{ parameters: { LEVEL: { $gt: 1 } } }, "parameters.LEVEL"],
  [{ parameters: [] }, "parameters"],
  [{ parameter: {} }, "parameter"],
])("a run with %j is refused at %s", async (json, field) => {
  const answer = await send("POST", `${gaugeLevels}/runs`, { token: runner, json });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ field });
});

test("what does not exist and what is not to be seen are the same bytes", async () => {
  const paths = (repository: string, name: string) =>
    [
      ["GET", `/api/v1/repositories/${repository}`],
      ["DELETE", `/api/v1/repositories/${repository}`],
      ["GET", `/api/v1/repositories/${repository}/files`],
      ["GET", `/api/v1/repositories/${repository}/files/x.csv`],
      ["DELETE", `/api/v1/repositories/${repository}/files/x.csv`],
      ["GET", `/api/v1/workspaces/${repository}/${name}`],
      ["GET", `/api/v1/workspaces/${repository}/${name}/source`],
      ["DELETE", `/api/v1/workspaces/${repository}/${name}`],
    ] as const;
  const hidden = paths("Mine", "slow");
  for (const [index, [method, path]] of paths("Never", "was").entries()) {
    const absent = await send(method, path, { token: olus });
    const unseen = await send(method, hidden[index]?.[1] ?? "", { token: olus });
    expect([absent.status, unseen.status]).toEqual([404, 404]);
    expect(await unseen.text()).toBe(await absent.text());
  }
  const unseen = await send("POST", "/api/v1/workspaces/Mine/slow/runs", { token: olus, json: {} });
  const absent = await send("POST", "/api/v1/workspaces/Never/was/runs", { token: olus, json: {} });
  expect([await unseen.text(), unseen.status]).toEqual([await absent.text(), 404]);
  const nobodysJob = await send("GET", "/api/v1/jobs/999999", { token: olus });
  const adasJob = await (await send("GET", "/api/v1/jobs", { token: adas })).json();
  const oludsView = await send("GET", `/api/v1/jobs/${adasJob.items[0].id}`, { token: olus });
  expect([await oludsView.text(), oludsView.status]).toEqual([await nobodysJob.text(), 404]);
});

test.each(["0", "-1", "1.5", "x", "2147483648", "99999999999999999999", "%00"])("there is no job %s", async (id) => {
  expect((await send("GET", `/api/v1/jobs/${id}`, { token: adas })).status).toBe(404);
});

test("a data file is uploaded, used by a run, downloaded and removed", async () => {
  const file = "/api/v1/repositories/Mine/files/r%C3%BCn%20off.csv";
  const upload = (body: string) => send("PUT", file, { token: adas, body });
  expect((await upload("mm\n1\n")).status).toBe(201);
  expect((await upload("mm\n4\n5\n")).status).toBe(200);
  const body = source.replace("count(*) AS n FROM range(1e13::BIGINT)", "sum(mm) AS mm FROM 'rün off.csv'");
  const sum = "/api/v1/workspaces/Mine/sum";
  await send("PUT", sum, { token: adas, body, headers: { "Content-Type": "application/sql" } });
  expect(await (await send("POST", `${sum}/runs`, { token: adas, json: {} })).json()).toEqual([{ mm: 9 }]);
  const download = await send("GET", file, { token: adas });
  expect(await download.text()).toBe("mm\n4\n5\n");
  expect(download.headers.get("content-disposition")).toBe(
    `attachment; filename="r_n off.csv"; filename*=UTF-8''r%C3%BCn%20off.csv`,
  );
  expect((await send("DELETE", file, { token: adas })).status).toBe(204);
  expect((await send("GET", file, { token: adas })).status).toBe(404);
});

describe("a webhook, whose token is in the URL,", () => {
  const hook = async (name: string, body: string, source?: string) => {
    const path = `/api/v1/workspaces/Mine/${name}`;
    const headers = { "Content-Type": "application/sql" };
    const header = `/*---\ntitle: Hook\noutput: json\n${body}parameters:\n  - { name: toString, type: text, default: usual }\n---*/\n`;
    const published = await send("PUT", path, {
      token: adas,
      body: header + (source ?? "SELECT $toString AS given"),
      headers,
    });
    expect(published.status, await published.clone().text()).toBeLessThan(300);
    const { value } = await makeToken(await actorOf("ada", now), {
      permissions: [`workspace/Mine/${name}:run`],
      inUrl: true,
    });
    return `${path}/runs?token=${value}`;
  };
  const foreign: [BodyInit, string][] = [
    ['{"action":"opened","issue":{"title":"Grüße"}}', "application/json"],
    ["payload=%7B%7D&a=1", "application/x-www-form-urlencoded"],
    ["<a/>", "text/xml; charset=us-ascii"],
    ["[1]", "application/cloudevents-batch+json"],
    ["{", "application/json"],
    ["x", ""],
  ];

  test("runs with the defaults when it has no body", async () => {
    const path = await hook("bare", "");
    for (const headers of [{}, { "Content-Type": "application/json" }, { "Content-Type": "text/plain" }]) {
      const answer = await send("POST", path, { body: "", headers: headers as Record<string, string> });
      expect([answer.status, await answer.json()]).toEqual([200, [{ given: "usual" }]]);
    }
    const given = await send("POST", path, { json: { parameters: { toString: "mine" } } });
    expect(await given.json()).toEqual([{ given: "mine" }]);
  });

  test("is refused with a body of its own, unless the workspace says what to do with it", async () => {
    const path = await hook("strict", "");
    for (const [body, type] of foreign) {
      const { status } = await send("POST", path, { body, headers: { "Content-Type": type } });
      expect([400, 415], type).toContain(status);
    }
  });

  test("can have its body ignored", async () => {
    const path = await hook("deaf", "body: ignored\n");
    const gzip = { "Content-Type": "application/json", "Content-Encoding": "gzip" };
    const bytes = send("POST", path, { body: new Uint8Array([0x1f, 0x8b, 0, 255]), headers: gzip });
    expect(await (await bytes).json()).toEqual([{ given: "usual" }]);
    for (const [body, type] of foreign) {
      const answer = await send("POST", path, { body, headers: { "Content-Type": type } });
      expect(await answer.json(), type).toEqual([{ given: "usual" }]);
    }
    const given = await send("POST", path, { json: { parameters: { toString: "mine" } } });
    expect(await given.json()).toEqual([{ given: "mine" }]);
    expect((await send("POST", path, { json: { parameters: { WRONG: 1 } } })).status).toBe(400);
  });

  test("can give its body to a parameter as text", async () => {
    const path = await hook("listening", "body: toString # what was sent\n");
    for (const [body, type] of foreign) {
      const answer = await send("POST", path, { body, headers: { "Content-Type": type } });
      expect(await answer.json(), type).toEqual([{ given: body }]);
    }
    const wrong: [number, BodyInit, Record<string, string>][] = [
      [400, "x".repeat(65_537), { "Content-Type": "text/plain" }],
      [400, new Uint8Array([0xff]), { "Content-Type": "text/plain" }],
      [400, "a\0b", { "Content-Type": "text/plain" }],
      [415, "a", { "Content-Type": "text/plain; charset=utf-16" }],
      [415, "a", { "Content-Type": "text/plain", "Content-Encoding": "gzip" }],
      [413, "x".repeat(1_000_001), { "Content-Type": "text/plain" }],
    ];
    for (const [status, body, headers] of wrong)
      expect((await send("POST", path, { body, headers })).status).toBe(status);
    const title = await hook(
      "json",
      "body: toString\n",
      "SELECT json_extract_string($toString::JSON, '$.issue.title') AS given",
    );
    const [[body, type] = ["", ""]] = foreign;
    const answer = await send("POST", title, { body, headers: { "Content-Type": type } });
    expect(await answer.json()).toEqual([{ given: "Grüße" }]);
  });
});

test("a workspace comes back as it was published", async () => {
  const path = "/api/v1/workspaces/Mine/copy";
  const made = await send("PUT", path, { token: adas, body: source, headers: { "Content-Type": "application/sql" } });
  expect(made.headers.get("location")).toBe(path);
  const again = await send("PUT", path, { token: adas, body: source, headers: { "Content-Type": "application/sql" } });
  expect(again.status).toBe(200);
  expect(await (await send("GET", `${path}/source`, { token: adas })).text()).toBe(source);
  expect((await send("DELETE", path, { token: adas })).status).toBe(204);
  expect((await send("GET", path, { token: adas })).status).toBe(404);
});

test("more than 1 MB is not published", async () => {
  const body = `${source}-- ${"x".repeat(1_000_000)}`;
  const answer = await send("PUT", "/api/v1/workspaces/Mine/huge", {
    token: adas,
    body,
    headers: { "Content-Type": "application/sql" },
  });
  expect(answer.status).toBe(413);
});
