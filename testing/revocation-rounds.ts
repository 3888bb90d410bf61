import { setTimeout as delay } from "node:timers/promises";
import { makeTarget, type Target } from "./revocation-target";
import { type Channels, revocations } from "./revocations";

/** The circumstances of the rounds. */
export interface Plan {
  rounds: number;
  /** How many revocations are made at the same time. */
  writers: number;
  /** How many requests each disturbed instance has in progress all the time. */
  loadRequests?: number;
  /** Terminates the database connections of the disturbed instances again and again. */
  cutsConnections?: boolean;
  /** Stops the disturbed instances for the given seconds while `writers` revocations are made; they get their checks meanwhile. */
  stoppedSeconds?: number;
}

/** What the rounds have shown. */
export interface Tally {
  rounds: number;
  /** Checks that began after their revocation had been answered. */
  checks: number;
  refused: number;
  /** Answered 503, or not answered because a connection broke. */
  unavailable: number;
  /** Checks that were sent to an instance while it was stopped. */
  sentWhileStopped: number;
  /** Checks that accepted a target after its revocation: the promise is broken. */
  stale: number;
  /** The same by way of revoking. */
  staleBy: Record<string, number>;
  /** Other answers, in words. */
  unexpected: string[];
}

/** Asks an instance whether it accepts a value. */
export type Check = (value: string) => Promise<"accepted" | "refused" | "unavailable" | { unexpected: string }>;

/** An instance of the server that must refuse what has been revoked. */
export interface CheckedInstance {
  /** The `application_name` of its database connections. */
  name: string;
  /** The checks that are made after each revocation. The first one also makes the load. */
  checks: [Check, ...Check[]];
  /** Whether it gets the load, loses its connections and is stopped. */
  isDisturbed: boolean;
  /** Stops and continues its process, if it has one of its own. */
  signal?(signal: "SIGSTOP" | "SIGCONT"): void;
}

/**
 * Makes a target that all instances accept, revokes it, and checks at once that they refuse it. It repeats this. The ways of
 * revoking take turns.
 */
export async function revocationRounds(instances: CheckedInstance[], channels: Channels, plan: Plan): Promise<Tally> {
  const rounds = new RevocationRounds(instances, channels, plan);
  await rounds.run();
  return rounds.tally;
}

interface Round {
  name: string;
  target: Target;
}

class RevocationRounds {
  readonly tally: Tally = {
    rounds: 0,
    checks: 0,
    refused: 0,
    unavailable: 0,
    sentWhileStopped: 0,
    stale: 0,
    staleBy: {},
    unexpected: [],
  };
  readonly #instances: CheckedInstance[];
  readonly #disturbed: CheckedInstance[];
  readonly #channels: Channels;
  readonly #plan: Plan;
  /** The rounds in progress, which the load chooses from. */
  readonly #current = new Set<Round>();
  #begun = 0;
  #isOver = false;
  #isStopped = false;

  constructor(instances: CheckedInstance[], channels: Channels, plan: Plan) {
    this.#instances = instances;
    this.#disturbed = instances.filter(({ isDisturbed }) => isDisturbed);
    this.#channels = channels;
    this.#plan = plan;
  }

  async run(): Promise<void> {
    const { rounds, writers, loadRequests = 0, cutsConnections, stoppedSeconds } = this.#plan;
    const background = this.#disturbed.flatMap((instance) => [
      ...Array.from({ length: loadRequests }, () => this.#generateLoad(instance)),
      ...(cutsConnections ? [this.#cutConnections(instance)] : []),
    ]);
    try {
      if (stoppedSeconds) await this.#runWhileStopped(rounds, writers, stoppedSeconds);
      else await Promise.all(Array.from({ length: writers }, () => this.#runOneByOne(rounds)));
    } finally {
      this.#signal("SIGCONT");
      this.#isOver = true;
      await Promise.all(background);
    }
  }

  async #runOneByOne(rounds: number): Promise<void> {
    while (this.#begun < rounds) {
      const round = await this.#prepare(this.#begun++);
      await Promise.all(await this.#revoke(round));
      this.#current.delete(round);
    }
  }

  /** Per batch: stops the disturbed instances, makes all revocations, sends all checks, and continues the instances. */
  async #runWhileStopped(rounds: number, batchSize: number, seconds: number): Promise<void> {
    for (let first = 0; first < rounds; first += batchSize) {
      const batch = await Promise.all(Array.from({ length: batchSize }, (_, index) => this.#prepare(first + index)));
      this.#signal("SIGSTOP");
      const pause = delay(1000 * seconds);
      const checks = await Promise.all(batch.map((round) => this.#revoke(round)));
      await pause;
      this.#signal("SIGCONT");
      await Promise.all(checks.flat());
      for (const round of batch) this.#current.delete(round);
    }
  }

  #signal(signal: "SIGSTOP" | "SIGCONT"): void {
    this.#isStopped = signal === "SIGSTOP";
    for (const instance of this.#disturbed) instance.signal?.(signal);
  }

  /** Makes a target and waits until all instances accept it. */
  async #prepare(number: number): Promise<Round> {
    const names = Object.keys(revocations);
    const name = names[number % names.length] as string;
    const target = await makeTarget(revocations[name]?.ofSession ?? false);
    const round = { name, target };
    this.#current.add(round);
    for (const instance of this.#instances) await this.#waitUntilAccepted(instance, round);
    return round;
  }

  async #waitUntilAccepted({ checks: [check] }: CheckedInstance, { name, target }: Round): Promise<void> {
    for (;;) {
      const answer = await check(target.value);
      if (answer === "accepted") return;
      if (answer !== "unavailable") {
        throw new Error(`A valid target (${name}) was not accepted: ${JSON.stringify(answer)}`);
      }
      await delay(20);
    }
  }

  /** Revokes the target and then begins all checks. Does not wait for their answers. */
  async #revoke(round: Round): Promise<Promise<void>[]> {
    await revocations[round.name]?.revoke(round.target, this.#channels);
    round.target.isRevoked = true;
    this.tally.rounds++;
    return this.#instances.flatMap((instance) => instance.checks.map((check) => this.#check(instance, check, round)));
  }

  async #generateLoad(instance: CheckedInstance): Promise<void> {
    while (!this.#isOver) {
      const rounds = [...this.#current];
      const round = rounds[Math.floor(Math.random() * rounds.length)];
      if (round) await this.#check(instance, instance.checks[0], round);
      else await delay(5);
    }
  }

  async #check({ isDisturbed }: CheckedInstance, check: Check, { name, target }: Round): Promise<void> {
    const { isRevoked: wasRevoked, value } = target;
    if (wasRevoked && this.#isStopped && isDisturbed) this.tally.sentWhileStopped++;
    const answer = await check(value);
    if (!wasRevoked) return;
    this.tally.checks++;
    if (answer === "refused") this.tally.refused++;
    else if (answer === "unavailable") this.tally.unavailable++;
    else if (answer === "accepted") {
      this.tally.stale++;
      this.tally.staleBy[name] = (this.tally.staleBy[name] ?? 0) + 1;
    } else this.tally.unexpected.push(`after “${name}”: ${answer.unexpected}`);
  }

  /** Cuts less and less often, so that a slow machine gets through the rounds at some point. */
  async #cutConnections({ name }: CheckedInstance): Promise<void> {
    for (let pauseMs = 50; !this.#isOver; pauseMs *= 1.1) {
      await this.#channels.database.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 AND datname = current_database()",
        [name],
      );
      await delay(Math.min(pauseMs, 10_000));
    }
  }
}
