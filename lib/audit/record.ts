import type { Tx } from "../db";
import type { Prisma } from "../generated/prisma/client";
import type { Actor } from "../permissions/actor";

/** What happened to what. `before` and `after` hold only the fields that changed, never a secret. */
export interface AuditEntry {
  /** Noun and verb: `token.disable`, `user.create`. */
  action: string;
  subject: { type: string; id: string; name: string; ownerId?: string };
  before?: Prisma.InputJsonObject;
  after?: Prisma.InputJsonObject;
}

/** Who did it when there is no actor yet (a sign-in) or none at all (the server itself). */
export type Author = Pick<Actor, "now" | "address" | "agent"> & {
  userId: string | null;
  userName: string;
  token: Actor["token"] | null;
};

/** The server acting by itself, at the given moment. */
export const serverAuthor = (now: Date): Author => ({
  now,
  userId: null,
  userName: "Tessera",
  token: null,
  address: null,
  agent: null,
});

/**
 * Writes changes down in the transaction that makes them: if they cannot be written, they do not happen. However many there are,
 * in one statement.
 */
export async function record(tx: Tx, who: Actor | Author, ...changes: AuditEntry[]): Promise<void> {
  if (changes.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO audit_events (
      at, action, actor_id, actor_name, token_id, token_name,
      subject_type, subject_id, subject_name, subject_owner_id, address, agent, before, after
    )
    SELECT ${who.now}::timestamptz, action, ${who.userId}::uuid, ${who.userName}, ${who.token?.id ?? null}::uuid,
      ${who.token?.name ?? null}, subject ->> 'type', subject ->> 'id', subject ->> 'name', (subject ->> 'ownerId')::uuid,
      ${who.address}, ${who.agent}, before, after
    FROM jsonb_to_recordset(${JSON.stringify(changes)}::jsonb) AS c (action text, subject jsonb, before jsonb, after jsonb)`;
}
