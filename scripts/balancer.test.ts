import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { createBalancer } from "./balancer";

test("sends requests to the instances in turn, with their body and the client's IP address", async () => {
  const front = await startBalancer(await startNamedInstance("a"), await startNamedInstance("b"));
  const texts: string[] = [];
  for (let times = 0; times < 4; times++) {
    const response = await fetch(`${front.origin}/x?y=1`, { method: "POST", body: "hello" });
    expect(response.status).toBe(201);
    texts.push(await response.text());
  }
  expect(texts.toSorted()).toEqual([
    "a: POST /x?y=1 hello from 127.0.0.1",
    "a: POST /x?y=1 hello from 127.0.0.1",
    "b: POST /x?y=1 hello from 127.0.0.1",
    "b: POST /x?y=1 hello from 127.0.0.1",
  ]);
});

test("leaves out an instance until it is ready", async () => {
  let isReady = false;
  const front = await startBalancer(await startNamedInstance("a"), await startNamedInstance("b", () => isReady));
  expect(await namesOf(front.origin, 4)).toEqual(["a", "a", "a", "a"]);
  isReady = true;
  await front.check();
  expect((await namesOf(front.origin, 4)).toSorted()).toEqual(["a", "a", "b", "b"]);
});

test("sends a request to the next instance when its own is gone", async () => {
  const lost = await startNamedInstance("b");
  const front = await startBalancer(await startNamedInstance("a"), lost);
  lost.server.close();
  lost.server.closeAllConnections();
  expect(await namesOf(front.origin, 4)).toEqual(["a", "a", "a", "a"]);
});

test("answers 503 when no instance is ready", async () => {
  const front = await startBalancer(await startNamedInstance("a", () => false));
  const response = await fetch(front.origin);
  expect(response.status).toBe(503);
  expect(response.headers.get("retry-after")).toBe("1");
});

test("repeats a broken request at the next instance if it only reads", async () => {
  const front = await startBalancer(await startNamedInstance("a"), await startBreakingInstance());
  expect(await namesOf(front.origin, 4)).toEqual(["a", "a", "a", "a"]);
  const statuses: number[] = [];
  for (let times = 0; times < 2; times++) statuses.push((await fetch(front.origin, { method: "POST" })).status);
  expect(statuses.toSorted()).toEqual([201, 502]);
});

const startBreakingInstance = () =>
  startInstance(
    (_, response) => response.destroy(),
    () => true,
  );

interface TestInstance {
  server: Server;
  origin: string;
}

async function namesOf(origin: string, times: number): Promise<string[]> {
  const names: string[] = [];
  for (let each = 0; each < times; each++) names.push((await (await fetch(origin)).text()).slice(0, 1));
  return names;
}

const startNamedInstance = (name: string, isReady = () => true) =>
  startInstance(async (request, response) => {
    const body = (await request.toArray()).join("");
    const { method, url, headers } = request;
    const peer = String(headers["x-forwarded-for"]).replace("::ffff:", "");
    response.writeHead(201).end(`${name}: ${method} ${url} ${body} from ${peer}`);
  }, isReady);

async function startInstance(answer: RequestListener, isReady: () => boolean): Promise<TestInstance> {
  const server = createServer((request, response) => {
    if (request.url === "/health/ready") response.writeHead(isReady() ? 200 : 503).end();
    else answer(request, response);
  });
  onTestFinished(() => void server.close());
  return { server, origin: await listen(server) };
}

async function startBalancer(...instances: TestInstance[]) {
  const { server, check, stop } = createBalancer(instances.map(({ origin }) => origin));
  onTestFinished(stop);
  await check();
  return { check, origin: await listen(server) };
}

async function listen(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
