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

export interface SignInContext extends Requester {
  now: Date;
}

export interface SignedInUser {
  id: string;
  userName: string;
  /** The hash of the password that matched; null after a sign-in with the identity provider. Never leaves this process. */
  passwordHash: string | null;
}

/** Queues attempts, so that a flood of them does not take all database connections. */
const signInQueue = createWaitingLine(4, 500);

/** A wrong or expired password, an unknown name and a disabled account give the same answer after the same work.
 * Refuses `unauthenticated`; `too-many` with `Retry-After`; `unavailable` in a flood. */
export async function checkPassword(input: unknown, { now, ip }: SignInContext): Promise<SignedInUser> {
  const typed = passwordSignIn.safeParse(input);
  if (!typed.success) throw noMatch();
  const { username: userName, password } = typed.data;
  return signInQueue(async () => {
    const attempt = await admitAttempt(userName, ip, now);
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

const noMatch = () => new Refusal("unauthenticated", "Incorrect username or password.");

/** Ends the previous session too. Refuses `unauthenticated` if the account was disabled or its password replaced. */
export async function startSession(
  user: SignedInUser,
  previousSession: string | null,
  context: SignInContext,
): Promise<Secret> {
  const { value } = await inTransaction(async (tx) => {
    const [still] = await tx.$queryRaw<unknown[]>`
      SELECT FROM users
      WHERE id = ${user.id}::uuid AND enabled AND (${user.passwordHash}::text IS NULL OR password_hash = ${user.passwordHash})
      FOR SHARE`;
    if (!still) throw noMatch();
    return issueSession(tx, { userId: user.id, ...context });
  });
  if (previousSession !== null) await endPresentedSession(previousSession, context);
  return value;
}

/** Ends the session with this value if it is still active. Refuses nothing, because the user is signed out either way. */
export async function endPresentedSession(value: string, context: SignInContext): Promise<void> {
  try {
    // Uses the database's time; with a clock that is ahead, the session would stay active until then.
    const who = await verify(value, { ip: context.ip, agent: context.agent });
    if (who.token.kind === "session") await endSession(who, who.token.id);
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== "unauthenticated") throw error;
  }
}
