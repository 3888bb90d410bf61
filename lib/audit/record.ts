import type { Tx } from "../db";
import type { Prisma } from "../generated/prisma/client";
import type { Actor } from "../permissions/actor";

/** What happened to what. `before` and `after` hold only the fields that changed, never a secret. */
export interface Change {
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
export const theServer = (now: Date): Author => ({
  now,
  userId: null,
  userName: "Tessera",
  token: null,
  address: null,
  agent: null,
});

/** Writes changes down in the transaction that makes them: if they cannot be written, they do not happen. */
export async function record(tx: Tx, who: Actor | Author, ...changes: Change[]): Promise<void> {
  if (changes.length === 0) return;
  await tx.auditEvent.createMany({
    data: changes.map(({ action, subject, before, after }) => ({
      at: who.now,
      action,
      actorId: who.userId,
      actorName: who.userName,
      tokenId: who.token?.id ?? null,
      tokenName: who.token?.name ?? null,
      subjectType: subject.type,
      subjectId: subject.id,
      subjectName: subject.name,
      subjectOwnerId: subject.ownerId ?? null,
      address: who.address,
      agent: who.agent,
      before,
      after,
    })),
  });
}
