import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { createBalancer } from "./balancer";

test("hands requests to the instances in turn, with what was sent and who sent it", async () => {
  const front = await open(await instance("a"), await instance("b"));
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

test("leaves out an instance that is not ready, until it is", async () => {
  let isReady = false;
  const front = await open(await instance("a"), await instance("b", () => isReady));
  expect(await namesOf(front.origin, 4)).toEqual(["a", "a", "a", "a"]);
  isReady = true;
  await front.check();
  expect((await namesOf(front.origin, 4)).toSorted()).toEqual(["a", "a", "b", "b"]);
});

test("gives a request to the next when its instance is gone", async () => {
  const gone = await instance("b");
  const front = await open(await instance("a"), gone);
  gone.server.close();
  gone.server.closeAllConnections();
  expect(await namesOf(front.origin, 4)).toEqual(["a", "a", "a", "a"]);
});

test("says 503 when nobody is ready", async () => {
  const front = await open(await instance("a", () => false));
  const response = await fetch(front.origin);
  expect(response.status).toBe(503);
  expect(response.headers.get("retry-after")).toBe("1");
});

test("asks the next what an instance broke off, but does not change anything twice", async () => {
  const front = await open(await instance("a"), await breaking());
  expect(await namesOf(front.origin, 4)).toEqual(["a", "a", "a", "a"]);
  const statuses: number[] = [];
  for (let times = 0; times < 2; times++) statuses.push((await fetch(front.origin, { method: "POST" })).status);
  expect(statuses.toSorted()).toEqual([201, 502]);
});

const breaking = () =>
  serving(
    (_, response) => response.destroy(),
    () => true,
  );

interface Serving {
  server: Server;
  origin: string;
}

async function namesOf(origin: string, times: number): Promise<string[]> {
  const names: string[] = [];
  for (let each = 0; each < times; each++) names.push((await (await fetch(origin)).text()).slice(0, 1));
  return names;
}

const instance = (name: string, isReady = () => true) =>
  serving(async (request, response) => {
    const body = (await request.toArray()).join("");
    const { method, url, headers } = request;
    const peer = String(headers["x-forwarded-for"]).replace("::ffff:", "");
    response.writeHead(201).end(`${name}: ${method} ${url} ${body} from ${peer}`);
  }, isReady);

async function serving(answer: RequestListener, isReady: () => boolean): Promise<Serving> {
  const server = createServer((request, response) => {
    if (request.url === "/health/ready") response.writeHead(isReady() ? 200 : 503).end();
    else answer(request, response);
  });
  onTestFinished(() => void server.close());
  return { server, origin: await listening(server) };
}

async function open(...instances: Serving[]) {
  const { server, check: look, stop } = createBalancer(instances.map(({ origin }) => origin));
  onTestFinished(stop);
  await look();
  return { check: look, origin: await listening(server) };
}

async function listening(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
