import { later, minutes } from "../clock";
import { type CredentialFault, Refusal, unauthenticated } from "../errors";
import { isOutage } from "../outage";
import type { Actor } from "../permissions/actor";
import { extendableFromMinute, extendSession } from "../tokens/sessions";
import { stateOf } from "../tokens/state";
import { digestTextOf, hasValueLength, parseValue } from "../tokens/value";
import type { TokenDetails } from "./details";
import type { LogPosition } from "./log-position";
import type { KnownToken } from "./memory";
import { type PendingVerification, type TokenResolver, tokenResolver } from "./token-resolver";
import { noteUse } from "./usage";

export interface Presentation {
  /** The time to judge by. By default the database's, so that instances with different clocks give the same answer. */
  now?: Date;
  ip: string | null;
  agent: string | null;
  /** The value came in a URL, where only tokens with `inUrl` are accepted (design 5). */
  inUrl?: boolean;
}

const nowhere: LogPosition = { server: 0, number: -1 };

/** Verifies one presented value (design 7). Calls `accepted` or `refused` once; neither may throw. */
export abstract class Verification implements PendingVerification {
  digest = "";
  #isUse = false;
  #asOf = nowhere;

  /** With `wantsDetails`, `accepted` gets the details of a token from memory; one that was looked up comes without. */
  constructor(
    readonly presentation: Presentation,
    readonly wantsDetails = false,
  ) {}

  protected abstract accepted(token: KnownToken, now: Date, details: TokenDetails | null): void;
  protected abstract refused(error: unknown): void;

  /** Verifies a value as it was sent. This counts as a use of the token. */
  begin(presented: string, by = tokenResolver()): void {
    this.#isUse = true;
    this.beginUncounted(presented, by);
  }

  /** Verifies a value as it was sent. Whether it is a use of the token is said by {@link noteUse} later. */
  beginUncounted(presented: string, by = tokenResolver()): void {
    const mayBeValue = hasValueLength(presented);
    if (mayBeValue) this.digest = digestTextOf(presented);
    if (mayBeValue && by.tryRecall(this)) return;
    // Only what is not in memory needs its form checked, so that the database is not asked for junk.
    if (parseValue(presented)) by.lookUp(this);
    else this.refused(unauthenticated("invalid"));
  }

  /** Verifies a token by its digest. This is no use of the token. */
  beginWith(digest: string, by = tokenResolver()): void {
    this.digest = digest;
    if (!by.tryRecall(this)) by.lookUp(this);
  }

  admits(token: KnownToken, databaseNow: number, asOf: LogPosition, details: TokenDetails | null): boolean {
    const now = this.presentation.now ?? new Date(databaseNow);
    if (faultOf(token, now, this.presentation) !== null) return false;
    if (this.#isUse) this.noteUse(token, now);
    this.#asOf = asOf;
    this.accepted(token, now, details);
    return true;
  }

  noteUse(token: KnownToken, now: Date): void {
    noteLastUse(token, now, this.presentation);
  }

  refuses(token: KnownToken | null, databaseNow: number): void {
    const fault = token && faultOf(token, this.presentation.now ?? new Date(databaseNow), this.presentation);
    this.refused(unauthenticated(fault ?? "invalid"));
  }

  failed(error: unknown): void {
    this.refused(asUnavailable(error));
  }

  actorOf(token: KnownToken, now: Date): Actor {
    return actorOf(token, now, this.presentation, this.#asOf);
  }
}

interface Accepted {
  token: KnownToken;
  who: Actor;
  details: TokenDetails | null;
}

class Promised extends Verification {
  constructor(
    presentation: Presentation,
    readonly resolve: (verifyPresented: Accepted) => void,
    readonly reject: (error: unknown) => void,
    wantsDetails: boolean,
  ) {
    super(presentation, wantsDetails);
  }

  protected override accepted(token: KnownToken, now: Date, details: TokenDetails | null): void {
    this.resolve({ token, who: this.actorOf(token, now), details });
  }

  protected override refused(error: unknown): void {
    this.reject(error);
  }
}

const runVerification = (
  presentation: Presentation,
  begin: (verification: Verification) => void,
  wantsDetails = false,
): Promise<Accepted> =>
  new Promise((resolve, reject) => begin(new Promised(presentation, resolve, reject, wantsDetails)));

const verifyPresented = (presented: string, presentation: Presentation, by?: TokenResolver): Promise<Accepted> =>
  runVerification(presentation, (verification) => verification.begin(presented, by));

/** Refuses `unauthenticated`: only a client with the right value learns `expired` or `disabled`, and the token of a
 * disabled owner counts as disabled; `unavailable` with `Retry-After` when the database cannot be reached. */
export async function verify(presented: string, presentation: Presentation, by?: TokenResolver): Promise<Actor> {
  return (await verifyPresented(presented, presentation, by)).who;
}

export async function verifyWithExpiry(
  presented: string,
  presentation: Presentation,
): Promise<{ who: Actor; expiresAt: Date }> {
  const begin = (verification: Verification) => verification.begin(presented);
  const { token, who, details } = await runVerification(presentation, begin, true);
  return { who, expiresAt: expiryOf(token, details) };
}

/** Like {@link verify} by digest, for apps, whose visitors carry no token. The caller notes the use. */
export async function verifyDigest(
  digest: Uint8Array,
  presentation: Presentation,
): Promise<{ who: Actor; expiresAt: Date }> {
  const text = Buffer.from(digest).toString("base64");
  const { token, who } = await runVerification(presentation, (verification) => verification.beginWith(text));
  // An expiration that is too early is no fault here: what memory refuses is looked up.
  return { who, expiresAt: token.expiresAt };
}

/** A token from memory may have been extended since, which the change log does not say. */
export const expiryOf = (token: KnownToken, details: TokenDetails | null): Date =>
  details?.expiresAt ?? token.expiresAt;

/** Like {@link verify}, for pages and REST: also extends the session when that is due (design 3.3.2). */
export async function verifyAndExtend(presented: string, presentation: Presentation): Promise<Actor> {
  const { token, who } = await verifyPresented(presented, presentation);
  if (!isDue(token, who.now)) return who;
  const expiresAt = await extendSession(token.id, who.now).catch((error) => Promise.reject(asUnavailable(error)));
  tokenResolver().memory.forget(token.digest);
  // Another request or process has extended it, or it lasts no longer.
  if (expiresAt === null) return (await verifyPresented(presented, presentation)).who;
  return { ...who, asOf: who.asOf && { ...who.asOf, expiresAt } };
}

function faultOf(token: KnownToken, now: Date, { inUrl = false }: Presentation): CredentialFault | null {
  if (inUrl && !token.inUrl) return "invalid";
  const state = stateOf(token, now);
  if (state !== "active") return state;
  return token.ownerEnabled ? null : "disabled";
}

/** Notes a use, of the same client at most every ten seconds: last use is stored to the minute. */
function noteLastUse(token: KnownToken, now: Date, { ip, agent }: Presentation): void {
  const at = now.getTime();
  const { lastUse: noted } = token;
  if (noted && Math.abs(at - noted.at) < notedEveryMs && noted.ip === ip && noted.agent === agent) return;
  token.lastUse = { at, ip, agent };
  noteUse(token.id, { at: now, ip, agent });
}

const notedEveryMs = 10_000;

function actorOf(token: KnownToken, now: Date, { ip, agent }: Presentation, { server, number }: LogPosition): Actor {
  return {
    userId: token.ownerId,
    userName: token.ownerName,
    mustChangePassword: token.mustChangePassword,
    now,
    token: { id: token.id, kind: token.kind, name: token.name },
    owner: token.owner.held,
    given: token.given,
    ip,
    agent,
    asOf: { expiresAt: token.expiresAt, server, number },
  };
}

const isDue = ({ kind, extendedAt }: KnownToken, now: Date) =>
  kind === "session" && extendedAt !== null && later(extendedAt, minutes(extendableFromMinute)) <= now;

function asUnavailable(error: unknown): unknown {
  if (!isOutage(error)) return error;
  const detail = "The database is unavailable, so tokens can't be verified. Try again in a moment.";
  return new Refusal("unavailable", detail, { headers: { "Retry-After": "2" }, cause: error });
}
