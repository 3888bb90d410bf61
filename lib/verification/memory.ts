import type { PermissionSet } from "../permissions/effective";
import { ClockCache } from "./clock-cache";
import { type LogPosition, LogProgress } from "./log-position";
import type { FoundToken } from "./lookup";

export interface Owner {
  id: string;
  held: PermissionSet;
  /** Not known to be current any more; then no token of this owner is. */
  isDropped: boolean;
  referenced: boolean;
}

export interface KnownToken extends FoundToken {
  owner: Owner;
  given: PermissionSet;
  lastUse: { at: number; ip: string | null; agent: string | null } | null;
  isDropped: boolean;
  referenced: boolean;
}

/** Whether the token is still in the memory. Call this after a confirmation. */
export const isCurrent = (token: KnownToken) => !token.isDropped && !token.owner.isDropped;

export interface Invalidation {
  tokens: string[];
  owners: string[];
  everything: boolean;
}

/** Accepted tokens by digest, correct as of a change number that is confirmed before each answer. `capacity` limits
 * tokens and owners, each. What leaves is marked as dropped, for code that got it before a confirmation. */
export class Memory {
  readonly #tokens: ClockCache<KnownToken>;
  readonly #digests = new Map<string, string>();
  readonly #owners: ClockCache<Owner>;
  #position: LogPosition = { server: 0, number: -1 };
  readonly progress = new LogProgress();

  constructor(readonly capacity: number) {
    this.#tokens = new ClockCache(capacity);
    this.#owners = new ClockCache(capacity);
  }

  get position(): LogPosition {
    return this.#position;
  }

  get size(): number {
    return this.#tokens.size;
  }

  get(digest: string): KnownToken | undefined {
    const known = this.#tokens.get(digest);
    if (!known?.owner.isDropped) return known;
    this.forget(digest);
    return undefined;
  }

  owner(id: string): Owner | undefined {
    return this.#owners.get(id);
  }

  /** Keeps a token that was read at this position, unless the memory includes later changes already. */
  keep(token: KnownToken, readAt: LogPosition): void {
    if (!this.#isCurrent(readAt) || this.#owners.get(token.ownerId) !== token.owner) return;
    // Several requests of one look-up keep the same object; forgetting it would mark it as dropped for all of them.
    if (this.#tokens.get(token.digest) === token) return;
    this.forget(token.digest);
    const evicted = this.#tokens.set(token.digest, token);
    this.#digests.set(token.id, token.digest);
    if (evicted) this.#markDropped(evicted);
  }

  /** Returns the owner in the memory, which may be another object that was read at the same time. */
  keepOwner(owner: Owner, readAt: LogPosition): Owner {
    if (!this.#isCurrent(readAt)) return owner;
    const kept = this.#owners.get(owner.id);
    if (kept) return kept;
    const evicted = this.#owners.set(owner.id, owner);
    if (evicted) evicted.isDropped = true;
    return owner;
  }

  forget(digest: string): void {
    const known = this.#tokens.delete(digest);
    if (known) this.#markDropped(known);
  }

  /** Moves to a later position by the `changes` since `from`, or clears when the log does not reach back (null). The
   * memory may have advanced since `from` was read, but never gone back. */
  moveTo(position: LogPosition, changes: readonly Invalidation[] | null, from: LogPosition): void {
    const { server, number } = this.#position;
    const isReached = position.server === server && position.number <= number;
    if (from.server === position.server) {
      const isNext = position.server === server && from.number <= number && from.number <= position.number;
      if (isNext && isReached) return;
      if (isNext && changes) for (const change of changes) this.#drop(change);
      else this.clear();
    } else {
      // The read began before the memory knew this server; another read may have brought it further by now.
      if (isReached) return;
      this.clear();
    }
    this.#position = position;
  }

  clear(): void {
    // Each token in the memory has its owner there, so dropping the owners drops the tokens.
    for (const owner of this.#owners.values()) owner.isDropped = true;
    this.#tokens.clear();
    this.#digests.clear();
    this.#owners.clear();
  }

  #isCurrent({ server, number }: LogPosition): boolean {
    return server === this.#position.server && number >= this.#position.number;
  }

  #drop({ tokens, owners, everything }: Invalidation): void {
    if (everything) this.clear();
    for (const id of tokens) this.forget(this.#digests.get(id) ?? "");
    for (const id of owners) this.#dropOwner(id);
  }

  #markDropped(token: KnownToken): void {
    token.isDropped = true;
    this.#digests.delete(token.id);
  }

  #dropOwner(id: string): void {
    const owner = this.#owners.delete(id);
    if (owner) owner.isDropped = true;
  }
}
