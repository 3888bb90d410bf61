import { db, inOneStatement } from "@/lib/db";
import { type IssuedSession, issueSession } from "@/lib/tokens/sessions";

interface Start {
  userId: string;
  ip: string | null;
  agent: string | null;
  now: Date;
}

/** Signs a user in by writing the session. */
export async function startSessionOf({ userId, ...from }: Start): Promise<IssuedSession> {
  const { userName } = await db.user.findUniqueOrThrow({ where: { id: userId }, select: { userName: true } });
  const session = await inOneStatement((run) => issueSession(run, { userId, userName, ...from }));
  if (!session) throw new Error(`There is no user ${userId}.`);
  return session;
}
