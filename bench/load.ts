import { connect } from "node:net";

/** A request. `{value}` in it stands for one value after the other of a set. */
export interface LoadRequest {
  path: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** What to send, over how many connections that stay open, one request after the other on each. */
export interface Load extends LoadRequest {
  port: number;
  connections: number;
  seconds: number;
  /** The name of a set of values that was handed over before. */
  values: string;
}

/** What came back. Latencies in milliseconds. */
export interface Measured {
  requests: number;
  perSecond: number;
  p50: number;
  p99: number;
  /** Answers by status. */
  statuses: Record<string, number>;
}

/** Values of one length, one behind the other: a million strings would keep the garbage collector busy. */
export interface ValueSet {
  bytes: Uint8Array;
  length: number;
}

/** To the process that loads: a set of values to keep, or a load to put on. */
export type Order = { keep: string; values: ValueSet } | { load: Load };

const sets = new Map<string, () => string>();

/** Puts a server under load. Goes on in a set of values where the last load stopped. */
async function measure(load: Load): Promise<Measured> {
  const { port, connections, seconds } = load;
  const nextValue = sets.get(load.values) ?? (() => "");
  const text = requestBytes(load);
  const latencies: number[] = [];
  const statuses: Record<string, number> = {};
  const began = performance.now();
  const until = began + seconds * 1000;

  const client = () =>
    new Promise<void>((resolve, reject) => {
      const socket = connect({ port, host: "127.0.0.1", noDelay: true });
      let received = "";
      let sent = 0;
      const ask = () => {
        const request = text(nextValue());
        sent = performance.now();
        socket.write(request);
      };
      socket.setEncoding("latin1");
      socket.on("connect", ask);
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
        if (now < until) ask();
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

/** The bytes of a request for a value. */
function requestBytes({ method = "GET", path, headers = {}, body }: LoadRequest): (value: string) => string {
  const all: Record<string, string> = { Host: "localhost", ...headers };
  const head = [`${method} ${path} HTTP/1.1`, ...Object.entries(all).map(([name, value]) => `${name}: ${value}`)];
  const write = (value: string) => {
    const sent = body?.replaceAll("{value}", value);
    const length = sent === undefined ? [] : [`Content-Length: ${Buffer.byteLength(sent)}`];
    return `${[...head, ...length].join("\r\n").replaceAll("{value}", value)}\r\n\r\n${sent ?? ""}`;
  };
  if (body !== undefined) return write;
  // Split once: building every request anew would cost as much as the fastest server.
  const mark = "\0";
  const parts = write(mark).split(mark);
  return (value) => parts.join(value);
}

/** Reads of an answer only what it must: where it ends. */
function isWhole(received: string): boolean {
  const head = received.indexOf("\r\n\r\n");
  if (head < 0) return false;
  const length = /\r\ncontent-length: (\d+)/i.exec(received.slice(0, head))?.[1];
  if (length !== undefined) return received.length >= head + 4 + Number(length);
  return /\r\ntransfer-encoding: chunked/i.test(received.slice(0, head)) ? received.endsWith("\r\n0\r\n\r\n") : true;
}

/** One after the other, and then again from the first. */
function inOrder({ bytes, length }: ValueSet): () => string {
  const all = Buffer.from(bytes);
  let next = 0;
  return () => {
    const value = all.toString("latin1", next, next + length);
    next = (next + length) % all.length;
    return value;
  };
}

// Runs in a process of its own, until that is no longer wanted.
process.on("message", (order: Order) => {
  if ("keep" in order) sets.set(order.keep, inOrder(order.values));
  else
    measure(order.load).then(
      (measured) => process.send?.({ measured }),
      (error: Error) => process.send?.({ failure: error.message }),
    );
});
process.on("disconnect", () => process.exit(0));
