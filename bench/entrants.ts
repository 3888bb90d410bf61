import type { LoadGenerator } from "./load-generator";
import { type Contender, demandStatus, measureInTurn } from "./rounds";
import type { Row } from "./row";
import type { Sizes } from "./sizes";
import type { Server } from "./start-server";

/** A contender and how its server is started. Entrants with the same function share one server. */
export interface Entrant extends Omit<Contender, "server" | "values"> {
  /** A server that runs already, or the function that starts one, which is stopped after the measurement. */
  server: Server | (() => Promise<Server>);
  /** The name of a set of values; by default the values that the server has created, if any. */
  values?: string;
  /** Another product, which may be impossible to install or to run here. Its row then says why. */
  isPeer?: boolean;
}

/** Starts the servers and measures all entrants in turn. Returns one row per entrant, in their order. */
export async function measureEntrants(generator: LoadGenerator, entrants: Entrant[], sizes: Sizes): Promise<Row[]> {
  const servers = new SharedServers();
  try {
    const prepared: (Contender | Error)[] = [];
    for (const entrant of entrants) prepared.push(await prepare(entrant, servers, generator));
    const contenders = prepared.filter((each): each is Contender => !(each instanceof Error));
    const rows = await measureInTurn(generator, contenders, sizes);
    return prepared.map((each, index) =>
      each instanceof Error ? rowOfAbsent(entrants[index]?.title ?? "", each) : (rows[contenders.indexOf(each)] as Row),
    );
  } finally {
    await servers.stop();
  }
}

class SharedServers {
  readonly #started = new Map<() => Promise<Server>, Promise<Server>>();

  get(start: () => Promise<Server>): Promise<Server> {
    const server = this.#started.get(start) ?? start();
    this.#started.set(start, server);
    return server;
  }

  async stop(): Promise<void> {
    const servers = await Promise.allSettled(this.#started.values());
    await Promise.all(servers.map((each) => each.status === "fulfilled" && each.value.stop()));
  }
}

/** A peer is asked once, so that one that answers wrongly does not end the section. */
async function prepare(entrant: Entrant, servers: SharedServers, generator: LoadGenerator): Promise<Contender | Error> {
  const { server: given, isPeer = false, values = entrant.title, ...load } = entrant;
  try {
    const server = typeof given === "function" ? await servers.get(given) : given;
    if (server.values.length > 0) generator.addValues(values, server.values);
    const contender = { ...load, server, values };
    if (isPeer) {
      const { statuses } = await generator.measure({ ...load, values, port: server.port, connections: 1, seconds: 0 });
      demandStatus(contender, statuses);
    }
    return contender;
  } catch (error) {
    if (!isPeer) throw error;
    return error as Error;
  }
}

const rowOfAbsent = (title: string, { message }: Error): Row => ({
  title,
  figure: "did not run here",
  note: `${title}: ${message}`,
});
