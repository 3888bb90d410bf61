import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** What a server has used so far: processor time in microseconds, and the memory it holds in bytes. */
export interface Usage {
  cpu: number;
  memory: number;
}

interface ParentMessage {
  /** What it uses; its own process alone unless told. */
  usage?: () => Usage | Promise<Usage>;
  /** What it accepts, when it made that itself. */
  values?: string[];
}

/** Lets a server listen on a free port, tells that and what it uses to the process that started this one, and ends with it. */
export function serving(server: Server, told?: ParentMessage): void {
  server.listen(0, "127.0.0.1", () => sendToParent((server.address() as AddressInfo).port, told));
  process.on("disconnect", () => process.exit(0));
}

/** The same for a server that listens already, and knows when to end. */
export function sendToParent(port: number, { usage = ownUsage, values = [] }: ParentMessage = {}): void {
  process.on("message", async (message) => {
    if (message === "usage") process.send?.(await usage());
  });
  process.send?.({ port, values });
}

function ownUsage(): Usage {
  const { user, system } = process.cpuUsage();
  return { cpu: user + system, memory: process.memoryUsage.rss() };
}
