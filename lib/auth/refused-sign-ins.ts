import { type Author, record } from "../audit/record";
import { later, minutes } from "../clock";
import { db } from "../db";
import { networkOf } from "../rate-limits";
import type { Requester } from "./requester";

/** Why a sign-in was refused. Only administrators learn it, from the audit log. */
export type SignInRefusal =
  | "malformed"
  | "too-many"
  | "unknown-name"
  | "wrong-password"
  | "expired-password"
  | "disabled"
  | "changed-meanwhile";

export type NamedAccount = { id: string; userName: string } | null;

/** A request of somebody who is not signed in. No account can have this name. */
export const strangerOf = ({ now, ip, agent }: Requester & { now: Date }): Author => ({
  ...{ now, ip, agent, userId: null, userName: "(not signed in)" },
  token: null,
});

const action = "user.refuse-sign-in";

const windowMs = minutes(15);

/** A name without an account is not recorded, since users sometimes type a password there. */
export async function recordRefusedSignIn(account: NamedAccount, reason: SignInRefusal, author: Author): Promise<void> {
  await record(db, author, { action, subject: subjectOf(account, author), after: { reason } });
}

/** The same for refusals without a look at the password, of which anybody can cause any number: those of one account,
 * or from one network without an account, are counted in one event for 15 minutes. */
export async function countRefusedSignIn(account: NamedAccount, reason: SignInRefusal, author: Author): Promise<void> {
  const subject = subjectOf(account, author);
  const counted = await db.$executeRaw`
    UPDATE audit_events SET after = jsonb_set(after, '{count}', to_jsonb((after ->> 'count')::int + 1))
    WHERE id = (
      SELECT max(id) FROM (
        SELECT id, at, action, after FROM audit_events
        WHERE subject_type = ${subject.type} AND subject_id = ${subject.id} ORDER BY id DESC LIMIT 100
      ) AS recent
      WHERE action = ${action} AND after ->> 'reason' = ${reason} AND after ? 'count' AND at > ${later(author.now, -windowMs)}
    )`;
  if (counted === 0) await record(db, author, { action, subject, after: { reason, count: 1 } });
}

const subjectOf = (account: NamedAccount, { ip }: Author) => ({
  type: "user",
  ...(account
    ? { id: account.id, name: account.userName }
    : { id: `network ${networkOf(ip)}`, name: "(no such user)" }),
});
