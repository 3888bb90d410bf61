import { fork } from "node:child_process";
import { once } from "node:events";
import type { Load, Measured, Order } from "./load";
import { execArgv } from "./start-server";

/** A process that sends requests to servers and measures their answers. */
export interface LoadGenerator {
  /** Adds a named set of values, all of one length. They are used in random order. */
  addValues(name: string, values: string[]): void;
  /** @throws Error when a connection breaks. */
  measure(load: Load): Promise<Measured>;
  stop(): void;
}

/** Starts a load generator. It measures one load at a time. */
export function startLoadGenerator(): LoadGenerator {
  const child = fork("bench/load.ts", { execArgv, serialization: "advanced" });
  const send = (order: Order) => void child.send(order);
  return {
    addValues: (name, values) => {
      const length = values[0]?.length ?? 0;
      if (values.some((value) => value.length !== length)) throw new Error(`The values ${name} differ in length.`);
      send({ addValues: name, values: { bytes: Buffer.from(shuffle(values).join(""), "latin1"), length } });
    },
    measure: async (load) => {
      send({ load });
      const [{ measured, failure }] = (await once(child, "message")) as [{ measured?: Measured; failure?: string }];
      if (!measured) throw new Error(failure);
      return measured;
    },
    stop: () => child.disconnect(),
  };
}

/** Shuffles a copy, by the method of Fisher and Yates. */
function shuffle(values: string[]): string[] {
  const all = [...values];
  for (let left = all.length - 1; left > 0; left--) {
    const other = Math.floor(Math.random() * (left + 1));
    [all[left], all[other]] = [all[other] as string, all[left] as string];
  }
  return all;
}
