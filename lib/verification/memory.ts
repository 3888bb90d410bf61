import type { PermissionSet } from "../permissions/effective";
import type { FoundToken } from "./lookup";

/** What an owner holds. Tokens of one owner share it. */
export interface Owner {
  id: string;
  held: PermissionSet;
  /** No longer true: tokens that refer to it are as good as forgotten. */
  isDropped: boolean;
}

/** A token that was found, with its owner: all that an answer is made of. */
export interface KnownToken extends FoundToken {
  owner: Owner;
  given: PermissionSet;
  /** When, from where and with what it was used last, as far as that was noted. */
  noted: { at: number; address: string | null; agent: string | null } | null;
}

/** How far the change log has been read, and on which server: numbers of another server's past mean nothing. */
export interface LogPosition {
  server: number;
  number: number;
}

/** A line of the change log: what is no longer true. */
export interface Change {
  tokens: string[];
  owners: string[];
  everything: boolean;
}

/**
 * What one instance remembers of tokens that it has let in, keyed by the digest of the value. True as of a number of the
 * change counter; whoever answers from it confirms that number first. Holds so many tokens and so many owners at most; the
 * one that was not asked about for the longest time goes first.
 */
export class Memory {
  readonly #tokens = new Map<string, KnownToken>();
  readonly #digests = new Map<string, string>();
  readonly #owners = new Map<string, Owner>();
  #position: LogPosition = { server: 0, number: -1 };

  constructor(readonly capacity: number) {}

  get position(): LogPosition {
    return this.#position;
  }

  get size(): number {
    return this.#tokens.size;
  }

  has(digest: string): boolean {
    return this.#tokens.has(digest);
  }

  /** The token, which becomes the one that was asked about last. */
  recall(digest: string): KnownToken | undefined {
    const known = this.#tokens.get(digest);
    if (!known) return undefined;
    this.#tokens.delete(digest);
    if (known.owner.isDropped) {
      this.#digests.delete(known.id);
      return undefined;
    }
    this.#tokens.set(digest, known);
    return known;
  }

  owner(id: string): Owner | undefined {
    const owner = this.#owners.get(id);
    if (!owner) return undefined;
    this.#owners.delete(id);
    this.#owners.set(id, owner);
    return owner;
  }

  /** Keeps what was read at that position, unless the memory knows of later changes already. */
  keep(token: KnownToken, readAt: LogPosition): void {
    if (!this.#isCurrent(readAt) || this.#owners.get(token.ownerId) !== token.owner) return;
    this.#tokens.delete(token.digest);
    this.#tokens.set(token.digest, token);
    this.#digests.set(token.id, token.digest);
    if (this.#tokens.size > this.capacity) this.forget(oldest(this.#tokens));
  }

  /** The same for an owner. Answers the one to go on with: of two that were read at the same time, the one that is kept. */
  keepOwner(owner: Owner, readAt: LogPosition): Owner {
    if (!this.#isCurrent(readAt)) return owner;
    const kept = this.#owners.get(owner.id) ?? owner;
    this.#owners.set(owner.id, kept);
    if (this.#owners.size > this.capacity) this.#dropOwner(oldest(this.#owners));
    return kept;
  }

  forget(digest: string): void {
    const known = this.#tokens.get(digest);
    this.#tokens.delete(digest);
    if (known) this.#digests.delete(known.id);
  }

  /**
   * Makes the memory true as of a later position.
   *
   * @param changes since `from`; null when the log does not reach back that far.
   * @param from where the memory was when the log was read. It may have moved on meanwhile, never back.
   */
  moveTo(position: LogPosition, changes: readonly Change[] | null, from: LogPosition): void {
    const isSameServer = position.server === this.#position.server && from.server === position.server;
    if (isSameServer && position.number >= from.number) {
      if (position.number <= this.#position.number) return;
      if (changes) for (const change of changes) this.#drop(change);
      else this.clear();
    } else {
      this.clear();
    }
    this.#position = position;
  }

  clear(): void {
    for (const owner of this.#owners.values()) owner.isDropped = true;
    this.#tokens.clear();
    this.#digests.clear();
    this.#owners.clear();
  }

  #isCurrent({ server, number }: LogPosition): boolean {
    return server === this.#position.server && number >= this.#position.number;
  }

  #drop({ tokens, owners, everything }: Change): void {
    if (everything) this.clear();
    for (const id of tokens) this.forget(this.#digests.get(id) ?? "");
    for (const id of owners) this.#dropOwner(id);
  }

  #dropOwner(id: string): void {
    const owner = this.#owners.get(id);
    if (!owner) return;
    owner.isDropped = true;
    this.#owners.delete(id);
  }
}

const oldest = (map: Map<string, unknown>) => map.keys().next().value as string;
