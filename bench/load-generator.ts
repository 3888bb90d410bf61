import { fork } from "node:child_process";
import { once } from "node:events";
import type { Load, Measured, Order } from "./load";
import { execArgv } from "./start-server";

/** A process that puts servers under load. */
export interface LoadGenerator {
  /** Hands over a set of values, by a name. */
  keep(name: string, values: string[]): void;
  /** @throws Error when a connection breaks. */
  measure(load: Load): Promise<Measured>;
  stop(): void;
}

/** Starts one. It measures one load at a time. */
export function loadGenerator(): LoadGenerator {
  const child = fork("bench/load.ts", { execArgv, serialization: "advanced" });
  const order = (what: Order) => void child.send(what);
  return {
    keep: (name, values) => order({ keep: name, values }),
    measure: async (load) => {
      order({ load });
      const [{ measured, failure }] = (await once(child, "message")) as [{ measured?: Measured; failure?: string }];
      if (!measured) throw new Error(failure);
      return measured;
    },
    stop: () => child.disconnect(),
  };
}
