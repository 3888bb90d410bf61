import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** The processor time that a server has used, in microseconds, and its resident memory in bytes. */
export interface Usage {
  cpu: number;
  memory: number;
}

interface ServerReport {
  /** Measures its usage; by default that of this process. */
  usage?: () => Usage | Promise<Usage>;
  /** The token values that it accepts, if it has created them itself. */
  values?: string[];
}

/** Listens on a free port, reports port and usage to the process that started this one, and ends when that disconnects. */
export function serveForBench(server: Server, report?: ServerReport): void {
  server.listen(0, "127.0.0.1", () => sendToParent((server.address() as AddressInfo).port, report));
  process.on("disconnect", () => process.exit(0));
}

/** Reports the port and, on request, the usage of a server that already listens. */
export function sendToParent(port: number, { usage = ownUsage, values = [] }: ServerReport = {}): void {
  process.on("message", async (message) => {
    if (message === "usage") process.send?.(await usage());
  });
  process.send?.({ port, values });
}

export function ownUsage(): Usage {
  const { user, system } = process.cpuUsage();
  return { cpu: user + system, memory: process.memoryUsage.rss() };
}
