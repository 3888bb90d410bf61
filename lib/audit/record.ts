import type { Tx } from "../db";
import { Prisma } from "../generated/prisma/client";
import type { Actor } from "../permissions/actor";

/** An action and its subject. `before` and `after` hold only the fields that changed, never a secret. */
export interface AuditEntry {
  /** A noun and a verb: `token.disable`, `user.create`. */
  action: string;
  subject: { type: string; id: string; name: string; ownerId?: string };
  before?: Prisma.InputJsonObject;
  after?: Prisma.InputJsonObject;
}

/** The author of an event when there is no actor: a sign-in, or the server itself. */
export type Author = Pick<Actor, "now" | "ip" | "agent"> & {
  userId: string | null;
  userName: string;
  token: Actor["token"] | null;
};

/** The server as the author of what it does without a request. */
export const serverAuthor = (now: Date): Author => ({
  now,
  userId: null,
  userName: "Tessera",
  token: null,
  ip: null,
  agent: null,
});

/** Runs in the transaction of the changes, so that there is neither without the other. It is one statement. */
export async function record(tx: Tx, who: Actor | Author, ...entries: AuditEntry[]): Promise<void> {
  if (entries.length > 0) await tx.$executeRaw(insertEventsSql(who, entries));
}

/** Inserts the events, for a statement that also makes the change: if `changed`, a name in its WITH, has a row. */
export function insertEventsSql(who: Actor | Author, entries: readonly AuditEntry[], changed?: string): Prisma.Sql {
  return Prisma.sql`
    INSERT INTO audit_events (
      at, actor_id, actor_name, token_id, token_name, address, agent,
      action, subject_type, subject_id, subject_name, subject_owner_id, before, after
    )
    SELECT ${who.now}::timestamptz, ${who.userId}::uuid, ${who.userName}, ${who.token?.id ?? null}::uuid,
      ${who.token?.name ?? null}, ${who.ip}, ${who.agent}, ${entriesSql(entries)}
    ${changed ? Prisma.raw(`WHERE EXISTS (SELECT FROM ${changed})`) : Prisma.empty}`;
}

/** The values of one event are parameters, because PostgreSQL takes longer to read them from JSON. */
function entriesSql(entries: readonly AuditEntry[]): Prisma.Sql {
  const [only, ...others] = entries;
  if (only && others.length === 0) {
    const { action, subject, before, after } = only;
    return Prisma.sql`${action}, ${subject.type}, ${subject.id}, ${subject.name}, ${subject.ownerId ?? null}::uuid,
      ${jsonOf(before)}::jsonb, ${jsonOf(after)}::jsonb`;
  }
  return Prisma.sql`action, subject ->> 'type', subject ->> 'id', subject ->> 'name', (subject ->> 'ownerId')::uuid, before, after
    FROM jsonb_to_recordset(${JSON.stringify(entries)}::jsonb) AS c (action text, subject jsonb, before jsonb, after jsonb)`;
}

const jsonOf = (fields: Prisma.InputJsonObject | undefined) => (fields ? JSON.stringify(fields) : null);
