import type { Pool } from "pg";
import { Histogram } from "prom-client";
import { pool as sharedPool } from "../db";
import { env } from "../env";
import { perProcess } from "../per-process";
import { everything } from "../permissions/effective";
import { Batches } from "./batches";
import { type Confirm, type PendingConfirmation, sharedConfirmation } from "./confirmation";
import { findHeld, findTokens, type LookUp, type TokenRow } from "./lookup";
import { isKept, type KnownToken, Memory, type Owner } from "./memory";

/**
 * Whoever wants to know about a value. Is told the outcome by one of the three, which must not throw; times are the
 * database's, in milliseconds.
 */
export interface PendingVerification {
  /** SHA-256 of the value, in base64. */
  readonly digest: string;
  /** Lets the token in if it is good at that time, and says whether it did. Only then it is remembered. */
  admits(token: KnownToken, now: number): boolean;
  /** Nothing was let in: the database has no such value (null), or this, which is not good. */
  refuses(token: KnownToken | null, now: number): void;
  failed(error: unknown): void;
}

/** A question that the memory may answer once it is confirmed. */
class CachedVerification implements PendingConfirmation {
  constructor(
    readonly resolver: TokenResolver,
    readonly pending: PendingVerification,
    readonly known: KnownToken,
  ) {}

  confirmed(now: number): void {
    this.resolver.answer(this.pending, this.known, now);
  }

  failed(error: unknown): void {
    this.pending.failed(error);
  }
}

const allPermissions = new Set([everything]);

/** Unregistered, because tests have several recognitions in one process; `/metrics` registers those of the process's own. */
const sizeHistogram = (name: string, help: string) =>
  new Histogram({ name, help, buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500], registers: [] });

/**
 * Finds tokens by the digest of their value: in the memory of this instance once that is confirmed, else in the database,
 * together with all who look at that moment. Whatever it answers was true at a moment after the question (design 7).
 *
 * Speaks to objects, because a promise per request costs a quarter of the throughput and closures another part, and throws no
 * Refusal, because the server and the bundled pages share it and each has a class of its own.
 */
export class TokenResolver {
  readonly counts = { hits: 0, misses: 0 };
  /** How many questions each read of the change counter, and each look-up, answered. */
  readonly sizes = {
    confirmations: sizeHistogram("tessera_verify_confirmation_size", "Answers confirmed by one read."),
    lookUps: sizeHistogram("tessera_verify_lookup_size", "Tokens looked up by one statement."),
  };
  readonly memory: Memory;
  readonly #pool: () => Pool;
  readonly #confirm: Confirm;
  readonly #lookUps = new Batches<PendingVerification>((batch) => this.#lookUp(batch), { atOnce: 2, largest: 200 });

  constructor(pool: () => Pool, capacity: number, confirmation = sharedConfirmation) {
    this.memory = new Memory(capacity);
    this.#pool = pool;
    this.#confirm = confirmation(pool, this.memory, this.sizes.confirmations);
  }

  find(pending: PendingVerification): void {
    const known = this.memory.get(pending.digest);
    if (known) this.#confirm(new CachedVerification(this, pending, known));
    else this.#lookUps.add(pending);
  }

  /**
   * From memory, which was confirmed: by what was recalled before that, or by what took its place. What does not let the token in is
   * looked up.
   */
  answer(pending: PendingVerification, recalled: KnownToken, now: number): void {
    const known = isKept(recalled) ? recalled : this.memory.get(pending.digest);
    if (known && pending.admits(known, now)) this.counts.hits++;
    else this.#lookUps.add(pending);
  }

  async #lookUp(questions: readonly PendingVerification[]): Promise<void> {
    this.sizes.lookUps.observe(questions.length);
    this.counts.misses += questions.length;
    try {
      const digests = [...new Set(questions.map(({ digest }) => digest))];
      const found = await findTokens(this.#pool(), digests);
      const known = await this.#withOwners(found);
      for (const pending of questions) this.#settle(pending, known.get(pending.digest) ?? null, found);
    } catch (error) {
      for (const pending of questions) pending.failed(error);
    }
  }

  #settle(pending: PendingVerification, token: KnownToken | null, { readAt, now }: LookUp): void {
    if (token && pending.admits(token, now)) {
      this.memory.keep(token, readAt);
    } else {
      this.memory.forget(pending.digest);
      pending.refuses(token, now);
    }
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
        owners.set(
          id,
          this.memory.keepOwner({ id, held: new Set(held), isDropped: false, referenced: false }, found.readAt),
        );
      }
    }
    return new Map(rows.map((row) => [row.digest, known(row, owners.get(row.ownerId) as Owner)]));
  }

  #confirmed(): Promise<unknown> {
    return new Promise((confirmed, failed) => this.#confirm({ confirmed, failed }));
  }
}

/** Spelled out, so that all tokens have one shape: one that is put together by spreading is read ten times as slowly. */
function known(row: TokenRow, owner: Owner): KnownToken {
  return {
    digest: row.digest,
    id: row.id,
    kind: row.kind,
    name: row.name,
    enabled: row.enabled,
    expiresAt: new Date(row.expiresAt),
    extendedAt: row.extendedAt === null ? null : new Date(row.extendedAt),
    allPermissions: row.allPermissions,
    inUrl: row.inUrl,
    ownerId: row.ownerId,
    ownerName: row.ownerName,
    ownerEnabled: row.ownerEnabled,
    mustChangePassword: row.mustChangePassword,
    owner,
    given: row.allPermissions ? allPermissions : new Set(row.given),
    lastUse: null,
    isDropped: false,
    referenced: false,
  };
}

/** The one of this process. */
export const tokenResolver = perProcess("recognition", () => new TokenResolver(sharedPool, env().verifyMemory));
