import type { LoadGenerator } from "./load-generator";
import type { Row } from "./row";
import type { Sizes } from "./sizes";
import type { Server } from "./start-server";
import type { Stock } from "./stock";

/** What the sections share. Each thing is made when the first one asks for it. */
export interface Bench {
  sizes: Sizes;
  generator: LoadGenerator;
  say(text: string): void;
  stock(): Promise<Stock>;
  /** Tessera as `npm start` runs it, with its pages, on the stock's database. */
  product(): Promise<Server>;
}

/** A part of the table that can be measured alone. */
export interface Section {
  name: string;
  /** The heading of its rows. */
  about: string;
  /** Measures. Whatever it throws is why the section could not run here. */
  run(bench: Bench): Promise<Row[]>;
}

/** Starts servers, hands them to what uses them, and stops them however that ends. */
export async function withServers<T>(
  starts: (() => Promise<Server>)[],
  use: (servers: Server[]) => Promise<T>,
): Promise<T> {
  const servers: Server[] = [];
  try {
    for (const start of starts) servers.push(await start());
    return await use(servers);
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}
