import type { Pool } from "pg";
import { Histogram } from "prom-client";
import { pool as sharedPool } from "../db";
import { env } from "../env";
import { perProcess } from "../per-process";
import { everything } from "../permissions/effective";
import { Batcher } from "./batcher";
import { type Confirm, type PendingConfirmation, sharedConfirmation } from "./confirmation";
import type { TokenDetails } from "./details";
import type { LogPosition } from "./log-position";
import { findHeld, findTokens, type LookUp, type TokenRow } from "./lookup";
import { isCurrent, type KnownToken, Memory, type Owner } from "./memory";

/** One of the methods is called with the outcome and must not throw. Times are the database's, in milliseconds. */
export interface PendingVerification {
  readonly digest: string;
  /** Whether the details of a token that is in memory are read as well. */
  readonly wantsDetails: boolean;
  /** Accepts the token if it is valid at that time, and returns whether it did. Only accepted tokens are kept in memory.
   * What is known of the token includes all changes up to `asOf`. The details are those of a token from memory, if they
   * were wanted. */
  admits(token: KnownToken, now: number, asOf: LogPosition, details: TokenDetails | null): boolean;
  /** Nothing was accepted: the database has no such token (null), or this one, which is not valid. */
  refuses(token: KnownToken | null, now: number): void;
  failed(error: unknown): void;
}

class CachedVerification implements PendingConfirmation {
  constructor(
    readonly resolver: TokenResolver,
    readonly pending: PendingVerification,
    readonly known: KnownToken,
    readonly detailsOf: string | null,
  ) {}

  confirmed(now: number, details: TokenDetails | null): void {
    this.resolver.answer(this, now, details);
  }

  failed(error: unknown): void {
    this.pending.failed(error);
  }
}

const allPermissions = new Set([everything]);

/** Unregistered, because tests have several resolvers in one process; `/metrics` registers those of the process's own. */
const sizeHistogram = (name: string, help: string) =>
  new Histogram({ name, help, buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500], registers: [] });

/** Finds tokens in the confirmed memory, or in one look-up for all that wait. Each answer was true at a moment after
 * its request arrived (design 7). It calls methods, because a promise per request costs a quarter of the throughput. It
 * throws no Refusal, because the server and the bundled pages share it and each has its own class of them. */
export class TokenResolver {
  readonly counts = { hits: 0, misses: 0 };
  readonly sizes = {
    confirmations: sizeHistogram("tessera_verify_confirmation_size", "Answers confirmed by one read."),
    lookUps: sizeHistogram("tessera_verify_lookup_size", "Tokens looked up by one statement."),
  };
  readonly memory: Memory;
  readonly #pool: () => Pool;
  readonly #confirm: Confirm;
  readonly #lookUps = new Batcher<PendingVerification>((batch) => this.#lookUp(batch), { concurrent: 2, sizeMax: 200 });

  constructor(pool: () => Pool, capacity: number, confirmation = sharedConfirmation) {
    this.memory = new Memory(capacity);
    this.#pool = pool;
    this.#confirm = confirmation(pool, this.memory, this.sizes.confirmations);
  }

  /** Answers from the memory after a confirmation. Returns false, and does nothing, for a token that is not there. */
  tryRecall(pending: PendingVerification): boolean {
    const known = this.memory.get(pending.digest);
    if (!known) return false;
    this.#confirm(new CachedVerification(this, pending, known, pending.wantsDetails ? known.id : null));
    return true;
  }

  lookUp(pending: PendingVerification): void {
    this.#lookUps.add(pending);
  }

  answer({ pending, known: recalled }: CachedVerification, now: number, details: TokenDetails | null): void {
    const known = isCurrent(recalled) ? recalled : this.memory.get(pending.digest);
    if (known && pending.admits(known, now, this.memory.position, details)) this.counts.hits++;
    else this.#lookUps.add(pending);
  }

  /** Reads the details of a token that was just looked up; null when it is gone. `done` must not throw. */
  readDetails(token: KnownToken, done: (details: TokenDetails | null) => void, failed: (error: unknown) => void): void {
    this.#confirm({ detailsOf: token.id, confirmed: (_, details) => done(details), failed });
  }

  async #lookUp(requests: readonly PendingVerification[]): Promise<void> {
    this.sizes.lookUps.observe(requests.length);
    this.counts.misses += requests.length;
    try {
      const digests = [...new Set(requests.map(({ digest }) => digest))];
      const found = await findTokens(this.#pool(), this.memory.progress, digests);
      const known = await this.#withOwners(found);
      for (const pending of requests) this.#settle(pending, known.get(pending.digest) ?? null, found);
    } catch (error) {
      for (const pending of requests) pending.failed(error);
    }
  }

  #settle(pending: PendingVerification, token: KnownToken | null, { readAt, now }: LookUp): void {
    if (token && pending.admits(token, now, readAt, null)) {
      this.memory.keep(token, readAt);
    } else {
      this.memory.forget(pending.digest);
      pending.refuses(token, now);
    }
  }

  /** Takes owners from memory once that is as recent as the rows, and reads the others. */
  async #withOwners({ rows, readAt }: LookUp): Promise<Map<string, KnownToken>> {
    const { server, number } = this.memory.position;
    if (server !== readAt.server || number < readAt.number) await this.bringUpToDate();
    const owners = new Map<string, Owner | undefined>();
    for (const { ownerId } of rows) owners.set(ownerId, this.memory.owner(ownerId));
    const unknown = [...owners].filter(([, owner]) => !owner).map(([id]) => id);
    if (unknown.length > 0) {
      const found = await findHeld(this.#pool(), this.memory.progress, unknown);
      for (const { id, held } of found.rows) {
        owners.set(
          id,
          this.memory.keepOwner({ id, held: new Set(held), isDropped: false, referenced: false }, found.readAt),
        );
      }
    }
    return new Map(rows.map((row) => [row.digest, toKnownToken(row, owners.get(row.ownerId) as Owner)]));
  }

  /** Brings the memory up to date. Rejects when no answer could be confirmed now. */
  bringUpToDate(): Promise<unknown> {
    return new Promise((confirmed, failed) => this.#confirm({ detailsOf: null, confirmed, failed }));
  }
}

/** Lists every field, so that all tokens have one hidden class; objects made by spreading are read ten times as slowly. */
function toKnownToken(row: TokenRow, owner: Owner): KnownToken {
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

export const tokenResolver = perProcess("recognition", () => new TokenResolver(sharedPool, env().verifyMemory));
