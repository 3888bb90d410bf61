import { connect } from "node:net";

/** What to send, over how many connections that stay open, one request after the other on each. */
export interface Load {
  port: number;
  connections: number;
  seconds: number;
  path: string;
  /** Values that are sent as bearer tokens, one after the other. */
  values: string[];
}

/** What came back. Latencies in milliseconds. */
export interface Measured {
  perSecond: number;
  p50: number;
  p99: number;
  /** Answers by status. */
  statuses: Record<string, number>;
}

/** Puts a server under load. Reads of an answer only what it must: status and length. */
async function measure({ port, connections, seconds, path, values }: Load): Promise<Measured> {
  const latencies: number[] = [];
  const statuses: Record<string, number> = {};
  let next = 0;
  const began = performance.now();
  const until = began + seconds * 1000;

  const client = () =>
    new Promise<void>((resolve, reject) => {
      const socket = connect({ port, host: "127.0.0.1", noDelay: true });
      let received = "";
      let sent = 0;
      const ask = () => {
        sent = performance.now();
        const value = values[next++ % values.length];
        socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${value}\r\n\r\n`);
      };
      socket.setEncoding("latin1");
      socket.on("connect", ask);
      socket.on("error", reject);
      socket.on("data", (chunk: string) => {
        received += chunk;
        const head = received.indexOf("\r\n\r\n");
        if (head < 0) return;
        const length = Number(/\r\ncontent-length: (\d+)/i.exec(received)?.[1] ?? 0);
        if (received.length < head + 4 + length) return;
        const status = received.slice(9, 12);
        statuses[status] = (statuses[status] ?? 0) + 1;
        received = "";
        const now = performance.now();
        latencies.push(now - sent);
        if (now < until) ask();
        else socket.end(resolve);
      });
    });
  await Promise.all(Array.from({ length: connections }, client));
  const elapsed = (performance.now() - began) / 1000;
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? Number.NaN;
  return { perSecond: latencies.length / elapsed, p50: at(0.5), p99: at(0.99), statuses };
}

// Runs in a process of its own, which is told the load and answers what it measured.
process.once("message", async (load: Load) => {
  process.send?.(await measure(load));
  process.disconnect();
});
