import { later, minutes } from "../clock";
import { isOutage } from "../db";
import { Refusal, unauthenticated } from "../errors";
import type { Actor } from "../permissions/actor";
import { everything } from "../permissions/effective";
import { extendableFromMinute, extendSession } from "../tokens/sessions";
import { stateOf } from "../tokens/state";
import { digestOf, parseValue } from "../tokens/value";
import { type FoundToken, findByDigest } from "./lookup";
import { noteUse } from "./usage";

/** How a value was presented, and when. */
export interface Presentation {
  now: Date;
  address: string | null;
  agent: string | null;
  /** It came in a URL: only a token that was made for that is accepted so (design 5). */
  inUrl?: boolean;
}

/**
 * Who presents this value, and what they may do now (design 7): shape and checksum, then SHA-256, then one look-up over
 * token, owner and grants.
 *
 * @throws Refusal `unauthenticated`; that a token is expired or disabled learns only who presented its value. A token whose
 * owner is disabled is disabled. Refusal `unavailable` with `Retry-After` when the database is out of reach: never yes, never 401.
 */
export async function verify(presented: string, presentation: Presentation): Promise<Actor> {
  return actorOf(await accepted(presented, presentation), presentation);
}

/** The same for the door of pages and REST: a session in use is extended on the way, when that is due (design 3.3.2). */
export async function verifyAndExtend(presented: string, presentation: Presentation): Promise<Actor> {
  const found = await accepted(presented, presentation);
  if (isDue(found, presentation.now)) await orUnavailable(extendSession(found.id, presentation.now));
  return actorOf(found, presentation);
}

async function accepted(presented: string, { now, address, agent, inUrl = false }: Presentation): Promise<FoundToken> {
  const kind = parseValue(presented);
  if (!kind) throw unauthenticated("invalid");
  const found = await orUnavailable(findByDigest(digestOf(presented)));
  if (!found || (inUrl && !found.inUrl)) throw unauthenticated("invalid");
  const state = stateOf(found, now);
  if (state !== "active") throw unauthenticated(state);
  if (!found.ownerEnabled) throw unauthenticated("disabled");
  noteUse(found.id, { at: now, address, agent });
  return found;
}

function actorOf(found: FoundToken, { now, address, agent }: Presentation): Actor {
  return {
    userId: found.ownerId,
    userName: found.ownerName,
    mustChangePassword: found.mustChangePassword,
    now,
    token: { id: found.id, kind: found.kind, name: found.name },
    owner: new Set(found.held),
    given: new Set(found.allPermissions ? [everything] : found.given),
    address,
    agent,
  };
}

const isDue = ({ kind, extendedAt }: FoundToken, now: Date) =>
  kind === "session" && extendedAt !== null && later(extendedAt, minutes(extendableFromMinute)) <= now;

async function orUnavailable<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!isOutage(error)) throw error;
    const detail = "The database is out of reach, so nothing can be verified; try again in a moment.";
    throw new Refusal("unavailable", detail, { headers: { "Retry-After": "2" }, cause: error });
  }
}
