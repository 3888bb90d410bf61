import type { Author } from "../audit/record";
import { db, inOneStatement } from "../db";
import { Refusal } from "../errors";
import { Prisma } from "../generated/prisma/client";
import type { Secret } from "../secret";
import { normalizeUserName } from "../text";
import { endSession, issueSession } from "../tokens/sessions";
import { isCorrectPassword } from "../users/password";
import { verify } from "../verification/verify";
import { createWaitingLine } from "../waiting-line";
import { countRefusedSignIn, recordRefusedSignIn, type SignInRefusal, strangerOf } from "./refused-sign-ins";
import type { Requester } from "./requester";
import { passwordSignIn } from "./schema";
import { type Attempt, admitAttempt } from "./throttle";

export interface SignInContext extends Requester {
  now: Date;
}

export interface SignedInUser {
  id: string;
  userName: string;
  /** The hash of the password that matched; null after a sign-in with the identity provider. Never leaves this process. */
  passwordHash: string | null;
  /** The identity at the provider that signed in; null after a sign-in with a password. */
  identity: string | null;
}

/** Attempts wait in lines, so that a flood of them does not take all database connections: first to be admitted, which
 * limits how many of one account and of one network go on, and then for the check of the password. */
const linesOf = (admissionsAtOnce: number, checksAtOnce: number) => ({
  admissions: createWaitingLine(admissionsAtOnce, 500),
  checks: createWaitingLine(checksAtOnce, 500),
});

const strangers = linesOf(2, 3);

/** Users who are signed in and confirm their password do not wait behind strangers. */
const people = linesOf(1, 1);

/** Each refusal gives the same answer after the same work: one look-up, one hash and one event by `author`. Refuses
 * `unauthenticated`; `too-many` with `Retry-After`; `unavailable` in a flood. */
export async function checkPassword(
  input: unknown,
  context: SignInContext,
  author: Author = strangerOf(context),
): Promise<SignedInUser> {
  const typed = passwordSignIn.safeParse(input);
  const { admissions, checks } = author.userId === null ? strangers : people;
  const { username, password, attempt } = await admissions(async () => {
    if (typed.success) return { ...typed.data, attempt: await admit(typed.data.username, context, author) };
    await countRefusedSignIn(null, "malformed", author);
    throw noMatch();
  });
  const check = checks(() => matchAccount(username, password, context.now));
  const { account, reason } = await check.catch(async (error: unknown) => {
    await attempt.abandoned();
    throw error;
  });
  if (reason !== null) {
    await recordRefusedSignIn(account, reason, author);
    throw noMatch();
  }
  await attempt.succeeded();
  return { id: account.id, userName: account.userName, passwordHash: account.passwordHash, identity: null };
}

async function admit(userName: string, { ip, now }: SignInContext, author: Author): Promise<Attempt> {
  try {
    return await admitAttempt(userName, ip, now);
  } catch (error) {
    if (error instanceof Refusal && error.code === "too-many") {
      await countRefusedSignIn(await findAccount(userName), "too-many", author);
    }
    throw error;
  }
}

const findAccount = (userName: string) =>
  db.user.findUnique({
    where: { userName: normalizeUserName(userName) },
    select: { id: true, userName: true, enabled: true, passwordHash: true, passwordExpiresAt: true },
  });

type Account = NonNullable<Awaited<ReturnType<typeof findAccount>>>;

type Match = { account: Account; reason: null } | { account: Account | null; reason: SignInRefusal };

async function matchAccount(userName: string, password: string, now: Date): Promise<Match> {
  const account = await findAccount(userName);
  const fits = await isCorrectPassword(account?.passwordHash ?? null, password);
  if (!account) return { account, reason: "unknown-name" };
  if (!fits) return { account, reason: "wrong-password" };
  if (!account.enabled) return { account, reason: "disabled" };
  const isOver = account.passwordExpiresAt !== null && account.passwordExpiresAt <= now;
  return { account, reason: isOver ? "expired-password" : null };
}

const noMatch = () => new Refusal("unauthenticated", "Incorrect username or password.");

/** Ends the previous session too. Refuses `unauthenticated` if the account was disabled, its password replaced, or its identity
 * disconnected. */
export async function startSession(
  user: SignedInUser,
  previousSession: string | null,
  context: SignInContext,
): Promise<Secret> {
  const isUnchanged = Prisma.sql`u.enabled
    AND (${user.passwordHash}::text IS NULL OR u.password_hash = ${user.passwordHash})
    AND (${user.identity}::text IS NULL OR u.external_identity = ${user.identity})`;
  const { id: userId, userName } = user;
  const session = await inOneStatement((run) => issueSession(run, { userId, userName, ...context }, isUnchanged));
  if (session === null) {
    await recordRefusedSignIn(user, "changed-meanwhile", strangerOf(context));
    throw noMatch();
  }
  if (previousSession !== null) await endPresentedSession(previousSession, context);
  return session.value;
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
