import { once } from "node:events";
import { type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { pageFailure } from "@/lib/auth/page-outage";
import { pool } from "@/lib/db";
import { env } from "@/lib/env";
import { log } from "@/lib/log";
import { createHttpServer } from "./http-server";
import { untrustedProxyNotice } from "./untrusted-proxy";

test("says that it lives, and that it is ready as long as its database answers", async () => {
  const { ask } = await open();
  expect(await ask("GET", "/health/live")).toMatchObject({ status: 200, text: '{"status":"live"}' });
  expect(await ask("GET", "/health/ready")).toMatchObject({ status: 200, text: '{"status":"ready"}' });
});

test("however many ask at once whether it is ready, one of them at most waits for a connection", async () => {
  const { server, ask } = await open();
  const held = await Promise.all(Array.from({ length: env().databaseConnections }, () => pool().connect()));
  const connect = vi.spyOn(pool(), "connect");
  const waiting: number[] = [];
  let asked = 0;
  server.on("request", () => {
    asked++;
    waiting.push(pool().waitingCount);
  });
  const answers = Array.from({ length: 50 }, () => ask("GET", "/health/ready"));
  await expect.poll(() => asked, { timeout: 30_000 }).toBe(50);
  for (const client of held) client.release();
  // On a busy machine, a client that waits too long gets 503.
  for (const { status } of await Promise.all(answers)) expect([200, 503]).toContain(status);
  expect(connect).toHaveBeenCalled();
  expect(Math.max(...waiting)).toBeLessThanOrEqual(1);
});

test("methods that nothing here has are refused before anything looks at them", async () => {
  const { ask, handled } = await open();
  const { status, headers } = await ask("TRACE", "/");
  expect(status).toBe(405);
  expect(headers.allow).toBe("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
  expect(headers["content-type"]).toBe("application/problem+json");
  expect(handled).toHaveLength(0);
});

test("a stranger's forwarding headers are not believed", async () => {
  const { ask, handled } = await open();
  await ask("GET", "/", {
    "X-Forwarded-For": "198.51.100.1",
    "X-Forwarded-Host": "evil.example",
    Forwarded: "for=198.51.100.1",
  });
  expect(handled[0]?.headers).toMatchObject({ "x-forwarded-for": "127.0.0.1", "x-tessera-address": "127.0.0.1" });
  expect(handled[0]?.headers).not.toHaveProperty("x-forwarded-host");
  expect(handled[0]?.headers).not.toHaveProperty("forwarded");
});

test("a proxy that no setting names is said once in the log", async () => {
  const warn = vi.spyOn(log, "warn");
  const { ask } = await open();
  await ask("GET", "/");
  expect(warn).not.toHaveBeenCalled();
  for (const name of ["X-Forwarded-For", "Forwarded", "X-Real-IP"]) await ask("GET", "/", { [name]: "198.51.100.1" });
  expect(warn.mock.calls).toEqual([[{ peer: "127.0.0.1" }, expect.stringContaining("TESSERA_TRUSTED_PROXIES")]]);
  warn.mockClear();
  untrustedProxyNotice(["10.0.0.1"])({
    headers: { "x-forwarded-for": "1.2.3.4" },
    socket: {},
  } as unknown as IncomingMessage);
  expect(warn).not.toHaveBeenCalled();
});

test("what fails behind the door is answered 500 without a word of it", async () => {
  const { ask } = await open(() => Promise.reject(new Error("the password is hunter2")));
  const { status, text } = await ask("GET", "/");
  expect(status).toBe(500);
  expect(text).not.toContain("hunter2");
});

test("a page that an outage keeps from being made is answered 503, another that fails 500", async () => {
  const fails = (error: Error) => async (_: IncomingMessage, response: ServerResponse) => {
    pageFailure(error);
    response.statusCode = 500;
    response.end("in words");
  };
  const out = await open(fails(Object.assign(new Error("no way there"), { code: "ECONNREFUSED" })));
  const outage = await out.ask("GET", "/");
  expect(outage).toMatchObject({ status: 503, text: "in words" });
  expect(outage.headers["retry-after"]).toBe("2");

  const broken = await open(fails(new TypeError("a fault of ours")));
  const fault = await broken.ask("GET", "/");
  expect(fault).toMatchObject({ status: 500, text: "in words" });
  expect(fault.headers).not.toHaveProperty("retry-after");
});

test("when it stops, the request in flight is finished and no other is taken", async () => {
  let finish = (): void => undefined;
  const { ask, stop, handled } = await open(async (_, response) => {
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    response.end("done");
  });
  const inFlight = ask("GET", "/slow");
  await expect.poll(() => handled.length).toBe(1);

  const stopped = stop();
  await expect(ask("GET", "/late")).rejects.toThrow("ECONNREFUSED");
  finish();
  expect(await inFlight).toMatchObject({ status: 200, text: "done" });
  await stopped;
});

test("a stop does not wait for upgraded connections", async () => {
  const { server, stop, port } = await open();
  server.on("upgrade", (_, socket) =>
    socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: test\r\n\r\n"),
  );
  const outgoing = request({ host: "127.0.0.1", port, headers: { Connection: "Upgrade", Upgrade: "test" } }).end();
  const [, socket] = await once(outgoing, "upgrade");
  const cutOff = once(socket.resume(), "close");
  await stop();
  await cutOff;
});

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** A front door on a free port, and what came through it. */
async function open(handle: Handle = async (_, response) => void response.end()) {
  const handled: IncomingMessage[] = [];
  const { server, stop } = createHttpServer(async (incoming, response) => {
    handled.push(incoming);
    await handle(incoming, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(stop);
  const { port } = server.address() as AddressInfo;
  return { server, port, handled, stop, ask: (...what: Question) => ask(port, ...what) };
}

type Question = [method: string, path: string, headers?: Record<string, string>];

async function ask(port: number, ...[method, path, headers = {}]: Question) {
  const outgoing = request({ host: "127.0.0.1", port, method, path, headers, agent: false }).end();
  const [response] = (await once(outgoing, "response")) as [IncomingMessage];
  const text = (await response.toArray()).join("");
  return { status: response.statusCode, headers: response.headers, text };
}
