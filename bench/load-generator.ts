import { fork } from "node:child_process";
import { once } from "node:events";
import type { Load, Measured, Order } from "./load";
import { execArgv } from "./start-server";

/** A process that puts servers under load. */
export interface LoadGenerator {
  /** Hands over a set of values, all of one length, by a name. They are used in an order that has nothing to do with how they were made. */
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
    keep: (name, values) => {
      const length = values[0]?.length ?? 0;
      if (values.some((value) => value.length !== length)) throw new Error(`The values ${name} differ in length.`);
      order({ keep: name, values: { bytes: Buffer.from(shuffled(values).join(""), "latin1"), length } });
    },
    measure: async (load) => {
      order({ load });
      const [{ measured, failure }] = (await once(child, "message")) as [{ measured?: Measured; failure?: string }];
      if (!measured) throw new Error(failure);
      return measured;
    },
    stop: () => child.disconnect(),
  };
}

/** Fisher and Yates. */
function shuffled(values: string[]): string[] {
  const all = [...values];
  for (let left = all.length - 1; left > 0; left--) {
    const other = Math.floor(Math.random() * (left + 1));
    [all[left], all[other]] = [all[other] as string, all[left] as string];
  }
  return all;
}
