import { db, inTransaction } from "../db";
import { Refusal } from "../errors";
import type { Secret } from "../secret";
import { endSession, issueSession } from "../tokens/sessions";
import { isCorrectPassword } from "../users/password";
import { verify } from "../verification/verify";
import { createWaitingLine } from "../waiting-line";
import type { Requester } from "./requester";
import { passwordSignIn } from "./schema";
import { admitAttempt } from "./throttle";

/** Where and when somebody signs in. */
export interface SignInContext extends Requester {
  now: Date;
}

/** An account whose owner has shown who they are. */
export interface SignedInUser {
  id: string;
  userName: string;
  /** Of the password that they knew; null when the identity provider speaks for them. Never leaves this process. */
  passwordHash: string | null;
}

/** A flood of tries waits here, where it holds no database connections that everybody else needs. */
const tryInTurn = createWaitingLine(4, 500);

/**
 * Whose user name and password these are. A wrong password, a one-time password past its days, a name that nobody has and a
 * disabled account are one answer after the same work: one look-up and one hash.
 *
 * @throws Refusal `unauthenticated`; `too-many` with `Retry-After` after repeated failures; `unavailable` in a flood.
 */
export async function checkPassword(input: unknown, { now, address }: SignInContext): Promise<SignedInUser> {
  const typed = passwordSignIn.safeParse(input);
  if (!typed.success) throw noMatch();
  const { userName, password } = typed.data;
  return tryInTurn(async () => {
    const attempt = await admitAttempt(userName, address, now);
    const user = await matchingUser(userName, password, now).catch(async (error: unknown) => {
      await attempt.abandoned();
      throw error;
    });
    if (!user) throw noMatch();
    await attempt.succeeded();
    return user;
  });
}

async function matchingUser(userName: string, password: string, now: Date): Promise<SignedInUser | null> {
  const account = await db.user.findUnique({
    where: { userName: userName.trim().toLowerCase() },
    select: { id: true, userName: true, enabled: true, passwordHash: true, passwordExpiresAt: true },
  });
  const fits = await isCorrectPassword(account?.passwordHash ?? null, password);
  const isOver = account?.passwordExpiresAt && account.passwordExpiresAt <= now;
  if (!account?.enabled || !fits || isOver) return null;
  return { id: account.id, userName: account.userName, passwordHash: account.passwordHash };
}

const noMatch = () => new Refusal("unauthenticated", "There is no account with this user name and password.");

/**
 * Starts a session; the one that this browser had ends with it, whoever's it was. Not when the account was disabled, or its
 * password replaced, since it was looked at: a sign-in that is under way ends with the others.
 *
 * @param former the value of the cookie that came with the request.
 * @throws Refusal `unauthenticated`.
 */
export async function startSession(user: SignedInUser, former: string | null, context: SignInContext): Promise<Secret> {
  const { value } = await inTransaction(async (tx) => {
    const [still] = await tx.$queryRaw<unknown[]>`
      SELECT FROM users
      WHERE id = ${user.id}::uuid AND enabled AND (${user.passwordHash}::text IS NULL OR password_hash = ${user.passwordHash})
      FOR SHARE`;
    if (!still) throw noMatch();
    return issueSession(tx, { userId: user.id, ...context });
  });
  if (former !== null) await endPresentedSession(former, context);
  return value;
}

/** Ends the session with this value, if it is one that still runs. Nothing is refused: to be signed out is all that was asked. */
export async function endPresentedSession(value: string, context: SignInContext): Promise<void> {
  try {
    // Judged and ended at the database's time: one that lay ahead would leave the session open until then.
    const who = await verify(value, { address: context.address, agent: context.agent });
    if (who.token.kind === "session") await endSession(who, who.token.id);
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== "unauthenticated") throw error;
  }
}
