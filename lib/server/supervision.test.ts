import { EventEmitter } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { supervise } from "./supervision";

/** A connection that ends when PostgreSQL does. */
class Connection extends EventEmitter {
  async end(): Promise<void> {
    this.emit("end");
  }
}

test("PostgreSQL that ends soon after each start is started after longer and longer pauses, and then no more", async () => {
  const startedAt: number[] = [];
  const start = async () => {
    startedAt.push(performance.now());
    const connection = new Connection();
    setTimeout(() => connection.emit("end"), 1);
    return connection;
  };
  const lost = vi.fn();
  const first = new Connection();
  const began = performance.now();
  const { end } = supervise(first, start, lost, { pauseMs: 20 });
  first.emit("end");
  await expect.poll(() => lost.mock.calls, { timeout: 10_000 }).toHaveLength(1);
  expect(String(lost.mock.calls[0])).toMatch(/ended 7 times, each time soon after its start/);
  expect(startedAt).toHaveLength(6);
  const pauses = startedAt.map((at, index) => at - (startedAt[index - 1] ?? began));
  for (const [index, pause] of pauses.entries()) expect(pause).toBeGreaterThan(index && 19 * 2 ** (index - 1));
  await end();
});

test("PostgreSQL that worked for long enough between its ends is started again at once, any number of times", async () => {
  const connections = [new Connection()];
  const start = async () => {
    connections.push(new Connection());
    return connections.at(-1) as Connection;
  };
  const lost = vi.fn();
  const { end } = supervise(connections[0] as Connection, start, lost, { stableMs: 0, pauseMs: 60_000 });
  for (let count = 1; count <= 12; count++) {
    connections.at(-1)?.emit("end");
    await expect.poll(() => connections.length).toBe(count + 1);
    await delay(0);
  }
  expect(lost).not.toHaveBeenCalled();
  await end();
});

test("the end of the supervision ends a pause and a start that waits, and loses nothing", async () => {
  const lost = vi.fn();
  for (const start of [waitForever, () => Promise.reject(new Error("not yet"))]) {
    const first = new Connection();
    const { end } = supervise(first, start, lost);
    first.emit("end");
    await delay(10);
    await end();
  }
  expect(lost).not.toHaveBeenCalled();
});

const waitForever = (signal: AbortSignal) =>
  new Promise<Connection>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
