import type { Pool } from "pg";
import { pool as sharedPool } from "../db";
import { env } from "../env";
import { everything } from "../permissions/effective";
import { Batches } from "./batches";
import { type Confirm, type Failed, sharedConfirmation } from "./confirmation";
import { findHeld, findTokens, type LookUp, type TokenRow } from "./lookup";
import { type KnownToken, Memory, type Owner } from "./memory";

/** Told the token, or null for a value that nobody has, and the database's time in milliseconds. */
export type Recognised = (token: KnownToken | null, now: number) => void;
/** Is the token good at that time? Only then it is remembered, and only then an answer comes from memory. */
export type IsGood = (token: KnownToken, now: number) => boolean;

interface Question {
  digest: string;
  isGood: IsGood;
  recognised: Recognised;
  failed: Failed;
}

const allPermissions = new Set([everything]);

/**
 * Finds tokens by the digest of their value: in the memory of this instance once that is confirmed, else in the database,
 * together with all who look at that moment. Whatever it answers was true at a moment after the question (design 7).
 *
 * Speaks in callbacks, which must not throw, because a promise per request costs a quarter of the throughput, and throws no Refusal, because
 * the server and the bundled pages share it and each has a class of its own.
 */
export class Recognition {
  readonly counts = { hits: 0, misses: 0, asked: 0, reads: 0, lookUps: 0 };
  readonly memory: Memory;
  readonly #pool: () => Pool;
  readonly #confirm: Confirm;
  readonly #lookUps = new Batches<Question>((batch) => this.#lookUp(batch), { atOnce: 3, largest: 200 });

  constructor(pool: () => Pool, capacity: number, confirmation = sharedConfirmation) {
    this.memory = new Memory(capacity);
    this.#pool = pool;
    this.#confirm = confirmation(pool, this.memory, this.counts);
  }

  find(digest: string, isGood: IsGood, recognised: Recognised, failed: Failed): void {
    const question = { digest, isGood, recognised, failed };
    if (this.memory.has(digest)) this.#confirm((now) => this.#answer(question, now), failed);
    else this.#lookUps.add(question);
  }

  #answer(question: Question, now: number): void {
    const known = this.memory.recall(question.digest);
    if (known && question.isGood(known, now)) {
      this.counts.hits++;
      question.recognised(known, now);
    } else {
      this.#lookUps.add(question);
    }
  }

  async #lookUp(questions: readonly Question[]): Promise<void> {
    this.counts.lookUps++;
    this.counts.misses += questions.length;
    try {
      const digests = [...new Set(questions.map(({ digest }) => digest))];
      const found = await findTokens(this.#pool(), digests);
      const known = await this.#withOwners(found);
      for (const question of questions) this.#settle(question, known.get(question.digest) ?? null, found);
    } catch (error) {
      for (const { failed } of questions) failed(error);
    }
  }

  #settle({ digest, isGood, recognised }: Question, token: KnownToken | null, { readAt, now }: LookUp): void {
    if (token && isGood(token, now)) this.memory.keep(token, readAt);
    else this.memory.forget(digest);
    recognised(token, now);
  }

  /** Owners that are remembered serve as they are, once the memory is as recent as what was found. */
  async #withOwners({ rows, readAt }: LookUp): Promise<Map<string, KnownToken>> {
    const { server, number } = this.memory.position;
    if (server !== readAt.server || number < readAt.number) await this.#confirmed();
    const owners = new Map<string, Owner | undefined>();
    for (const { ownerId } of rows) owners.set(ownerId, this.memory.owner(ownerId));
    const unknown = [...owners].filter(([, owner]) => !owner).map(([id]) => id);
    if (unknown.length > 0) {
      const found = await findHeld(this.#pool(), unknown);
      for (const { id, held } of found.rows) {
        owners.set(id, this.memory.keepOwner({ id, held: new Set(held), isDropped: false }, found.readAt));
      }
    }
    return new Map(rows.map((row) => [row.digest, known(row, owners.get(row.ownerId) as Owner)]));
  }

  #confirmed(): Promise<unknown> {
    return new Promise((resolve, reject) => this.#confirm(resolve, reject));
  }
}

function known({ given, ...token }: TokenRow, owner: Owner): KnownToken {
  return { ...token, owner, given: token.allPermissions ? allPermissions : new Set(given), noted: null };
}

const shared = globalThis as unknown as { tesseraRecognition?: Recognition };

/** The process's one memory: the server and the bundled pages share it. */
export function recognition(): Recognition {
  shared.tesseraRecognition ??= new Recognition(sharedPool, env().verifyMemory);
  return shared.tesseraRecognition;
}
