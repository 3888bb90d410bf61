import { later, minutes } from "../clock";
import { isOutage } from "../db";
import { type CredentialFault, Refusal, unauthenticated } from "../errors";
import type { Actor } from "../permissions/actor";
import { extendableFromMinute, extendSession } from "../tokens/sessions";
import { stateOf } from "../tokens/state";
import { digestTextOf, parseValue } from "../tokens/value";
import type { KnownToken } from "./memory";
import { type Recognition, recognition } from "./recognition";
import { noteUse } from "./usage";

/** How a value was presented. */
export interface Presentation {
  /** The moment to judge by: the database's time unless told, so that instances whose clocks differ answer alike. */
  now?: Date;
  address: string | null;
  agent: string | null;
  /** It came in a URL: only a token that was made for that is accepted so (design 5). */
  inUrl?: boolean;
}

/**
 * Who presents this value, and what they may do now (design 7): shape and checksum, then SHA-256, then the memory of this
 * instance after it was confirmed, or one look-up.
 *
 * @throws Refusal `unauthenticated`; that a token is expired or disabled learns only who presented its value. A token whose
 * owner is disabled is disabled. Refusal `unavailable` with `Retry-After` when the database is out of reach: never yes, never 401.
 */
export function verify(presented: string, presentation: Presentation, by = recognition()): Promise<Actor> {
  return new Promise((resolve, reject) => verifyThen(presented, presentation, resolve, reject, by));
}

/** The same, with when the token expires. */
export function inspect(presented: string, presentation: Presentation): Promise<{ who: Actor; expiresAt: Date }> {
  return new Promise((resolve, reject) => {
    accept(
      presented,
      presentation,
      recognition(),
      (token, now) => resolve({ who: actorOf(token, now, presentation), expiresAt: token.expiresAt }),
      reject,
    );
  });
}

/**
 * Who acts through the token with this digest, and when that expires, as if its value had been presented: for an app, whose visitors
 * act through a token that nobody sends. It is no use of the token until the caller notes one.
 *
 * @throws Refusal like {@link verify}.
 */
export function actsThrough(digest: Uint8Array, presentation: Presentation): Promise<{ who: Actor; expiresAt: Date }> {
  return new Promise((resolve, reject) => {
    judge(
      Buffer.from(digest).toString("base64"),
      presentation,
      recognition(),
      (token, now) => resolve({ who: actorOf(token, now, presentation), expiresAt: token.expiresAt }),
      reject,
    );
  });
}

/** The same as `verify` for the door of pages and REST: a session in use is extended on the way, when that is due (design 3.3.2). */
export async function verifyAndExtend(presented: string, presentation: Presentation): Promise<Actor> {
  const { token, now } = await new Promise<Accepted>((resolve, reject) =>
    accept(presented, presentation, recognition(), (token, now) => resolve({ token, now }), reject),
  );
  if (isDue(token, now)) {
    await extendSession(token.id, now).catch((error) => Promise.reject(whyNot(error)));
    recognition().memory.forget(token.digest);
  }
  return actorOf(token, now, presentation);
}

/** The same as `verify` for the fast lane, without a promise. Neither function that it calls may throw. */
export function verifyThen(
  presented: string,
  presentation: Presentation,
  accepted: (who: Actor) => void,
  refused: (error: unknown) => void,
  by = recognition(),
): void {
  accept(presented, presentation, by, (token, now) => accepted(actorOf(token, now, presentation)), refused);
}

interface Accepted {
  token: KnownToken;
  now: Date;
}

function accept(
  presented: string,
  presentation: Presentation,
  by: Recognition,
  accepted: (token: KnownToken, now: Date) => void,
  refused: (error: unknown) => void,
): void {
  if (!parseValue(presented)) {
    refused(unauthenticated("invalid"));
    return;
  }
  const used = (token: KnownToken, now: Date) => {
    note(token, now, presentation);
    accepted(token, now);
  };
  judge(digestTextOf(presented), presentation, by, used, refused);
}

function judge(
  digest: string,
  presentation: Presentation,
  by: Recognition,
  accepted: (token: KnownToken, now: Date) => void,
  refused: (error: unknown) => void,
): void {
  const at = (now: number) => presentation.now ?? new Date(now);
  by.find(
    digest,
    (token, now) => faultOf(token, at(now), presentation) === null,
    (token, now) => {
      const fault = token ? faultOf(token, at(now), presentation) : "invalid";
      if (!token || fault) {
        refused(unauthenticated(fault ?? "invalid"));
      } else {
        accepted(token, at(now));
      }
    },
    (error) => refused(whyNot(error)),
  );
}

/** Why a token is not accepted, or null. */
function faultOf(token: KnownToken, now: Date, { inUrl = false }: Presentation): CredentialFault | null {
  if (inUrl && !token.inUrl) return "invalid";
  const state = stateOf(token, now);
  if (state !== "active") return state;
  return token.ownerEnabled ? null : "disabled";
}

/** A use by the same client is worth a note once in ten seconds: what is written down has a grain of a minute. */
function note(token: KnownToken, now: Date, { address, agent }: Presentation): void {
  const at = now.getTime();
  const { noted } = token;
  if (noted && Math.abs(at - noted.at) < notedEveryMs && noted.address === address && noted.agent === agent) return;
  token.noted = { at, address, agent };
  noteUse(token.id, { at: now, address, agent });
}

const notedEveryMs = 10_000;

function actorOf(token: KnownToken, now: Date, { address, agent }: Presentation): Actor {
  return {
    userId: token.ownerId,
    userName: token.ownerName,
    mustChangePassword: token.mustChangePassword,
    now,
    token: { id: token.id, kind: token.kind, name: token.name },
    owner: token.owner.held,
    given: token.given,
    address,
    agent,
  };
}

const isDue = ({ kind, extendedAt }: KnownToken, now: Date) =>
  kind === "session" && extendedAt !== null && later(extendedAt, minutes(extendableFromMinute)) <= now;

function whyNot(error: unknown): unknown {
  if (!isOutage(error)) return error;
  const detail = "The database is out of reach, so nothing can be verified; try again in a moment.";
  return new Refusal("unavailable", detail, { headers: { "Retry-After": "2" }, cause: error });
}
