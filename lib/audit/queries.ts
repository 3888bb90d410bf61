import { z } from "zod";
import { db } from "../db";
import { notFound } from "../errors";
import type { Prisma } from "../generated/prisma/client";
import { decodeCursor, encodeCursor, type Page, pageOf } from "../paging";
import type { Actor } from "../permissions/actor";
import type { AuditEventView } from "./schema";

export const eventFields = {
  id: true,
  at: true,
  action: true,
  actorId: true,
  actorName: true,
  tokenName: true,
  address: true,
  agent: true,
  before: true,
  after: true,
} satisfies Prisma.AuditEventSelect;

export type EventRow = Prisma.AuditEventGetPayload<{ select: typeof eventFields }>;

/**
 * The audit events of an object that the actor owns, newest first. They are still readable after its removal.
 *
 * @throws Refusal `not-found` if the object never existed or belongs to another user; `invalid` on `cursor`.
 */
export async function historyOfOwn(
  who: Actor,
  subject: { type: string; id: string },
  { limit, cursor }: { limit: number; cursor?: string },
): Promise<Page<AuditEventView>> {
  const own = { subjectType: subject.type, subjectId: subject.id, subjectOwnerId: who.userId };
  const before = cursor === undefined ? undefined : decodeCursor(cursor, position)[0];
  const rows = await db.auditEvent.findMany({
    where: { ...own, ...(before !== undefined && { id: { lt: before } }) },
    select: eventFields,
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  if (rows.length === 0 && !(await db.auditEvent.findFirst({ where: own, select: { id: true } }))) throw notFound();
  return pageOf(
    rows,
    limit,
    (row) => encodeCursor([String(row.id)]),
    (row) => ownView(who, row),
  );
}

/** The owner learns who else changed it, for example by removing its app, but not from where. */
function ownView(who: Actor, row: EventRow): AuditEventView {
  const view = viewOf(who, row);
  return row.actorId === who.userId ? view : { ...view, address: null, agent: null };
}

/** The content of a cursor: the id of an event, a 64-bit number, as text. */
export const position = z.tuple([
  z
    .string()
    .regex(/^\d{1,18}$/)
    .transform(BigInt),
]);

/** An event without the name of the token, unless the token is the actor's own (design 3.1.1). */
export function viewOf(who: Actor, { actorId, actorName, ...row }: EventRow): AuditEventView {
  const tokenName = actorId === who.userId ? row.tokenName : null;
  return {
    id: String(row.id),
    at: row.at.toISOString(),
    action: row.action,
    by: { userName: actorName, tokenName },
    address: row.address,
    agent: row.agent,
    before: row.before as AuditEventView["before"],
    after: row.after as AuditEventView["after"],
  };
}
