import type { PermissionSet } from "../permissions/effective";
import { ClockCache } from "./clock-cache";
import type { LogPosition } from "./log-position";
import type { FoundToken } from "./lookup";

/** What an owner holds. Tokens of one owner share it. */
export interface Owner {
  id: string;
  held: PermissionSet;
  /** No longer known to be true: tokens that refer to it are as good as dropped. */
  isDropped: boolean;
  referenced: boolean;
}

/** A token that was found, with its owner: all that an answer is made of. */
export interface KnownToken extends FoundToken {
  owner: Owner;
  given: PermissionSet;
  /** When, from where and with what it was used last, as far as that was noted. */
  lastUse: { at: number; address: string | null; agent: string | null } | null;
  /** No longer known to be true. */
  isDropped: boolean;
  referenced: boolean;
}

/** Is it as true as the memory it was recalled from? That it is now must have been confirmed in between. */
export const isKept = (token: KnownToken) => !token.isDropped && !token.owner.isDropped;

/** A line of the change log: what is no longer true. */
export interface Invalidation {
  tokens: string[];
  owners: string[];
  everything: boolean;
}

/**
 * What one instance remembers of tokens that it has let in, keyed by the digest of the value. True as of a number of the
 * change counter; whoever answers from it confirms that number first. Holds so many tokens and so many owners at most.
 *
 * Whatever leaves it is marked as dropped, token or owner, so that who recalled a token before the confirmation sees it.
 */
export class Memory {
  readonly #tokens: ClockCache<KnownToken>;
  readonly #digests = new Map<string, string>();
  readonly #owners: ClockCache<Owner>;
  #position: LogPosition = { server: 0, number: -1 };

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

  /** Keeps what was read at that position, unless the memory knows of later changes already. */
  keep(token: KnownToken, readAt: LogPosition): void {
    if (!this.#isCurrent(readAt) || this.#owners.get(token.ownerId) !== token.owner) return;
    // Several questions of one look-up keep the same; to forget it would drop it for all of them.
    if (this.#tokens.get(token.digest) === token) return;
    this.forget(token.digest);
    const gone = this.#tokens.set(token.digest, token);
    this.#digests.set(token.id, token.digest);
    if (gone) this.#dropped(gone);
  }

  /** The same for an owner. Answers the one to go on with: of two that were read at the same time, the one that is kept. */
  keepOwner(owner: Owner, readAt: LogPosition): Owner {
    if (!this.#isCurrent(readAt)) return owner;
    const kept = this.#owners.get(owner.id);
    if (kept) return kept;
    const gone = this.#owners.set(owner.id, owner);
    if (gone) gone.isDropped = true;
    return owner;
  }

  forget(digest: string): void {
    const known = this.#tokens.delete(digest);
    if (known) this.#dropped(known);
  }

  /**
   * Makes the memory true as of a later position.
   *
   * @param changes since `from`; null when the log does not reach back that far.
   * @param from where the memory was when the log was read. It may have moved on meanwhile, never back.
   */
  moveTo(position: LogPosition, changes: readonly Invalidation[] | null, from: LogPosition): void {
    const { server, number } = this.#position;
    const isReached = position.server === server && position.number <= number;
    if (from.server === position.server) {
      const goesOn = position.server === server && from.number <= number && from.number <= position.number;
      if (goesOn && isReached) return;
      if (goesOn && changes) for (const change of changes) this.#drop(change);
      else this.clear();
    } else {
      // Begun before the memory knew of this server. It may know it by now, and better.
      if (isReached) return;
      this.clear();
    }
    this.#position = position;
  }

  clear(): void {
    // No token is kept without its owner.
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

  #dropped(token: KnownToken): void {
    token.isDropped = true;
    this.#digests.delete(token.id);
  }

  #dropOwner(id: string): void {
    const owner = this.#owners.delete(id);
    if (owner) owner.isDropped = true;
  }
}
