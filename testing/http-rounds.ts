import { setTimeout as delay } from "node:timers/promises";
import { Pool } from "pg";
import { env } from "@/lib/env";
import { Client } from "./client";
import { type Channels, makeTarget, permission, revocations, type Target } from "./revocations";
import type { Three } from "./three-instances";

/** Under what circumstances rounds are done. */
export interface Plan {
  rounds: number;
  /** How many take away at the same time. */
  writers: number;
  /** Connections by which the second instance is asked all the time. */
  hammering?: number;
  /** Cuts the second instance's connections to the database again and again. */
  cutting?: boolean;
  /** Stops the second instance before each lot of changes for so many seconds; it gets its questions meanwhile. */
  stoppedSeconds?: number;
}

/** What came of it. */
export interface Tally {
  rounds: number;
  /** Questions that began after their change had been answered. */
  tries: number;
  /** Of these, how many were accepted all the same. */
  stale: number;
  refused: number;
  /** Answered 503, or not at all because a connection broke. */
  unavailable: number;
  /** Questions that were asked of an instance while it was stopped. */
  held: number;
  /** What nothing explains, in words. */
  odd: string[];
  /** Stale acceptances by the way of taking away. */
  staleBy: Record<string, number>;
}

const authorizePath = `/api/v1/authorize?permission=${permission}`;
/** The same permission, demanded behind the common door. */
const metricsPath = "/metrics";

/**
 * Many times over, with three server processes: a value is accepted by all of them, something is taken away through the first of
 * them or in the database, and as soon as that has been answered all three are asked again.
 *
 * @param asRoot the header of somebody who may do everything.
 */
export async function httpRounds(instances: Three, asRoot: string, plan: Plan): Promise<Tally> {
  const rounds = new Rounds(instances, asRoot, plan);
  try {
    await rounds.run();
  } finally {
    await rounds.end();
  }
  return rounds.tally;
}

class Rounds {
  readonly tally: Tally = { rounds: 0, tries: 0, stale: 0, refused: 0, unavailable: 0, held: 0, odd: [], staleBy: {} };
  readonly #instances: Three;
  readonly #clients: Client[];
  readonly #channels: Channels;
  readonly #plan: Plan;
  /** What is good, or was until just now. */
  readonly #targets = new Map<Target, string>();
  #begun = 0;
  #isOver = false;
  #isStopped = false;

  constructor(instances: Three, asRoot: string, plan: Plan) {
    this.#instances = instances;
    this.#plan = plan;
    this.#clients = instances.map(({ origin }) => new Client(origin));
    const database = new Pool({ connectionString: env().databaseUrl, max: plan.writers + 1 });
    this.#channels = { instance: this.#clients[0] as Client, asRoot, database };
  }

  async run(): Promise<void> {
    const { rounds, writers, hammering = 0, cutting, stoppedSeconds } = this.#plan;
    const background = [
      ...Array.from({ length: hammering }, () => this.#hammer()),
      ...(cutting ? [this.#cutConnections()] : []),
    ];
    try {
      if (stoppedSeconds) await this.#inLots(rounds, writers, stoppedSeconds);
      else await Promise.all(Array.from({ length: writers }, () => this.#oneByOne(rounds)));
    } finally {
      this.#isOver = true;
      await Promise.all(background);
    }
  }

  async end(): Promise<void> {
    this.#instances[1].signal("SIGCONT");
    for (const client of this.#clients) client.close();
    await this.#channels.database.end();
  }

  async #oneByOne(rounds: number): Promise<void> {
    while (this.#begun < rounds) {
      const { name, target } = await this.#prepare(this.#begun++);
      await Promise.all(await this.#takeAway(name, target));
      this.#targets.delete(target);
    }
  }

  /** The second instance is stopped, many things are taken away, all are asked, it goes on. */
  async #inLots(rounds: number, atOnce: number, seconds: number): Promise<void> {
    const [, second] = this.#instances;
    for (let first = 0; first < rounds; first += atOnce) {
      const lot = await Promise.all(Array.from({ length: atOnce }, (_, index) => this.#prepare(first + index)));
      second.signal("SIGSTOP");
      this.#isStopped = true;
      const enough = delay(1000 * seconds);
      const questions = await Promise.all(lot.map(({ name, target }) => this.#takeAway(name, target)));
      await enough;
      this.#isStopped = false;
      second.signal("SIGCONT");
      await Promise.all(questions.flat());
      for (const { target } of lot) this.#targets.delete(target);
    }
  }

  /** A value that all three accept. */
  async #prepare(round: number): Promise<{ name: string; target: Target }> {
    const names = Object.keys(revocations);
    const name = names[round % names.length] as string;
    const target = await makeTarget(revocations[name]?.ofSession ?? false);
    this.#targets.set(target, name);
    for (const client of this.#clients) await this.#untilAccepted(client, target, name);
    return { name, target };
  }

  async #untilAccepted(client: Client, { value }: Target, name: string): Promise<void> {
    for (;;) {
      const { status, text } = await client.ask("GET", authorizePath, { authorization: `Bearer ${value}` });
      if (status === 200) return;
      if (status !== 503 && status !== 0) throw new Error(`A good value (${name}) was answered ${status}: ${text}`);
      await delay(20);
    }
  }

  /** Takes it away, and once that is answered asks everybody, not waiting for what they say. */
  async #takeAway(name: string, target: Target): Promise<Promise<void>[]> {
    await revocations[name]?.by(target, this.#channels);
    target.isOver = true;
    this.tally.rounds++;
    return this.#clients.flatMap((client) =>
      [authorizePath, authorizePath, metricsPath].map((path) => this.#try(client, target, name, path)),
    );
  }

  async #hammer(): Promise<void> {
    const client = this.#clients[1] as Client;
    while (!this.#isOver) {
      const all = [...this.#targets];
      const some = all[Math.floor(Math.random() * all.length)];
      if (some) await this.#try(client, ...some, authorizePath);
      else await delay(5);
    }
  }

  async #try(client: Client, target: Target, name: string, path: string): Promise<void> {
    const { isOver: beganAfter, value } = target;
    if (beganAfter && this.#isStopped && client === this.#clients[1]) this.tally.held++;
    const { status, text } = await client.ask("GET", path, { authorization: `Bearer ${value}` });
    if (!beganAfter) return;
    this.tally.tries++;
    if (status === 200) {
      this.tally.stale++;
      this.tally.staleBy[name] = (this.tally.staleBy[name] ?? 0) + 1;
    } else if (status === 401 || status === 403) this.tally.refused++;
    else if (status === 503 || status === 0) this.tally.unavailable++;
    else this.tally.odd.push(`${path} after “${name}” was answered ${status}: ${text}`);
  }

  /** Less and less often, so that a machine out of breath gets through some time. */
  async #cutConnections(): Promise<void> {
    for (let pauseMs = 50; !this.#isOver; pauseMs *= 1.1) {
      await this.#channels.database.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 AND datname = current_database()",
        [this.#instances[1].name],
      );
      await delay(Math.min(pauseMs, 10_000));
    }
  }
}
