import type { Cookies } from "cookie";
import { connectIdentity } from "../account/identity";
import { invalid, Refusal, unauthenticated } from "../errors";
import { type Actor, demandOwnPassword } from "../permissions/actor";
import { verify } from "../verification/verify";
import { visitSecondsMax } from "./cookies";
import { confirmPassword } from "./own-password";
import type { ConnectionOutcome } from "./schema";
import { openCookie, sealCookie } from "./sealed-cookie";
import type { SignInContext } from "./sign-in";

export interface Connection {
  sessionId: string;
}

const cookieKey = "connect";

/** The user, by session and password. Refuses `unauthenticated`, `forbidden`, `invalid` on `password`, `too-many`. */
export async function demandConnector(
  session: string | null,
  password: string | undefined,
  context: SignInContext,
): Promise<Actor> {
  if (session === null) throw unauthenticated("missing");
  const who = await verify(session, context);
  demandOwnPassword(who);
  if (!password) throw invalid("password", "Enter your password.");
  await confirmPassword(who, password, "password");
  return who;
}

/** The `Set-Cookie` that makes of the answer with this `state` a connection and not a sign-in. */
export const sealConnection = (who: Actor, state: string): Promise<string | null> =>
  sealCookie(cookieKey, { state, sessionId: who.token.id }, visitSecondsMax);

/** The connection that the answer of the provider belongs to, or null for a sign-in. */
export async function connectionOf(cookies: Cookies, state: string | undefined): Promise<Connection | null> {
  const note = await openCookie(cookies, cookieKey);
  if (!note || note.state !== state || typeof note.sessionId !== "string") return null;
  return { sessionId: note.sessionId };
}

/** Connects the identity with the account of the session that began it. Refuses `unauthenticated` if it has ended. */
export async function completeConnection(
  { sessionId }: Connection,
  session: string | null,
  identity: string,
  context: SignInContext,
): Promise<ConnectionOutcome> {
  if (session === null) throw unauthenticated("missing");
  const who = await verify(session, context);
  if (who.token.id !== sessionId) throw new Refusal("unauthenticated", "Another session began this.");
  return connectIdentity(who, identity);
}
