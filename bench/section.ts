import type { LoadGenerator } from "./load-generator";
import type { Row } from "./row";
import type { Sizes } from "./sizes";
import type { Server } from "./start-server";
import type { Stock } from "./stock";

/** What the sections share. The database and the product are started at their first use. */
export interface Bench {
  sizes: Sizes;
  generator: LoadGenerator;
  say(text: string): void;
  stock(): Promise<Stock>;
  /** Tessera as `npm start` runs it, with its pages and the database of the stock. */
  product(): Promise<Server>;
}

/** A part of the table, which can be measured alone. */
export interface Section {
  name: string;
  /** The heading of its rows. */
  about: string;
  /** Measures the rows. An error that it throws is reported as the reason why the section could not run here. */
  run(bench: Bench): Promise<Row[]>;
}

/** Starts servers, passes them to `use`, and stops them when `use` has ended or failed. */
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
