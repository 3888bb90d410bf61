import { connect } from "node:net";

/** A request. `{value}` in it is replaced by the values of a set, one after the other. */
export interface LoadRequest {
  path: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** A load: requests over connections that stay open, one request at a time on each. */
export interface Load extends LoadRequest {
  port: number;
  connections: number;
  seconds: number;
  /** The name of a set of values. */
  values: string;
}

/** What was measured. Latencies in milliseconds. */
export interface Measured {
  requests: number;
  perSecond: number;
  p50: number;
  p99: number;
  /** Answers by status. */
  statuses: Record<string, number>;
}

/** Values of one length in one buffer, since a million strings would burden the garbage collector. */
export interface ValueSet {
  bytes: Uint8Array;
  length: number;
}

/** A message to the load generator: a set of values to add, or a load to measure. */
export type Order = { addValues: string; values: ValueSet } | { load: Load };

const sets = new Map<string, { length: number; next: () => string }>();

/** Puts a server under load and measures it. Continues in the set of values where the last load ended. */
async function measure(load: Load): Promise<Measured> {
  const { port, connections, seconds } = load;
  const { length, next: nextValue } = sets.get(load.values) ?? { length: 0, next: () => "" };
  const text = requestWriter(load, length);
  const latencies: number[] = [];
  const statuses: Record<string, number> = {};
  const began = performance.now();
  const until = began + seconds * 1000;

  const client = () =>
    new Promise<void>((resolve, reject) => {
      const socket = connect({ port, host: "127.0.0.1", noDelay: true });
      let received = "";
      let sent = 0;
      const send = () => {
        const request = text(nextValue());
        sent = performance.now();
        socket.write(request);
      };
      socket.setEncoding("latin1");
      socket.on("connect", send);
      socket.on("error", reject);
      socket.on("close", () => reject(new Error("The server closed a connection that was in use.")));
      socket.on("data", (chunk: string) => {
        received += chunk;
        if (!isWhole(received)) return;
        const status = received.slice(9, 12);
        statuses[status] = (statuses[status] ?? 0) + 1;
        received = "";
        const now = performance.now();
        latencies.push(now - sent);
        if (now < until) send();
        else socket.removeAllListeners("close").end(resolve);
      });
    });
  await Promise.all(Array.from({ length: connections }, client));
  const elapsed = (performance.now() - began) / 1000;
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? Number.NaN;
  const requests = latencies.length;
  return { requests, perSecond: requests / elapsed, p50: at(0.5), p99: at(0.99), statuses };
}

/** Returns a function that gives the bytes of the request for a value. All values have the same length. */
function requestWriter({ method = "GET", path, headers = {}, body }: LoadRequest, length: number) {
  const all: Record<string, string> = { Host: "localhost", ...headers };
  if (body !== undefined) {
    const sized = body.replaceAll("{value}", "x".repeat(length));
    all["Content-Length"] = String(Buffer.byteLength(sized));
  }
  const head = [`${method} ${path} HTTP/1.1`, ...Object.entries(all).map(([name, value]) => `${name}: ${value}`)];
  // The request is split once, since composing it each time would cost as much as the fastest server.
  const parts = `${head.join("\r\n")}\r\n\r\n${body ?? ""}`.split("{value}");
  return (value: string) => parts.join(value);
}

/** Whether an answer has arrived completely. It reads nothing else of the answer. */
function isWhole(received: string): boolean {
  const head = received.indexOf("\r\n\r\n");
  if (head < 0) return false;
  const length = /\r\ncontent-length: (\d+)/i.exec(received.slice(0, head))?.[1];
  if (length !== undefined) return received.length >= head + 4 + Number(length);
  return /\r\ntransfer-encoding: chunked/i.test(received.slice(0, head)) ? received.endsWith("\r\n0\r\n\r\n") : true;
}

/** Returns a function that gives the values one after the other, and then starts again. */
function cycle({ bytes, length }: ValueSet): () => string {
  const all = Buffer.from(bytes);
  let next = 0;
  return () => {
    const value = all.toString("latin1", next, next + length);
    next = (next + length) % all.length;
    return value;
  };
}

// This file runs in its own process until the bench disconnects.
process.on("message", (order: Order) => {
  if ("addValues" in order) sets.set(order.addValues, { length: order.values.length, next: cycle(order.values) });
  else
    measure(order.load).then(
      (measured) => process.send?.({ measured }),
      (error: Error) => process.send?.({ failure: error.message }),
    );
});
process.on("disconnect", () => process.exit(0));
