import { z } from "zod";
import { db } from "../db";
import { notFound } from "../errors";
import type { Prisma } from "../generated/prisma/client";
import { decodeCursor, encodeCursor, type Page, pageOf } from "../paging";
import { type Actor, demand } from "../permissions/actor";
import { containsText } from "../search";
import { normalizeUserName } from "../text";
import { currentNamesOf } from "./current-names";
import {
  type AdministeredEventView,
  type AuditEventView,
  type AuditExport,
  type AuditFilter,
  administeredTypes,
} from "./schema";

const eventFields = {
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

type EventRow = Prisma.AuditEventGetPayload<{ select: typeof eventFields }>;

/** The events of an object that the actor owns, newest first, also after its removal. Refuses `not-found` if it never
 * existed or belongs to another user; `invalid` on `cursor`. */
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

const position = z.tuple([
  z
    .string()
    .regex(/^\d{1,18}$/)
    .transform(BigInt),
]);

/** An event without the name of the token, unless the token is the actor's own (design 3.1.1). */
function viewOf(who: Actor, { actorId, actorName, ...row }: EventRow): AuditEventView {
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

/** Newest first. Other people's tokens do not change the page in any way (design 3.1.1). Refuses `forbidden`; `invalid`
 * on `cursor`. */
export async function listAuditEvents(
  who: Actor,
  { limit, cursor, ...filter }: AuditFilter,
): Promise<Page<AdministeredEventView>> {
  demand(who, "users:manage");
  const before = cursor === undefined ? undefined : decodeCursor(cursor, position)[0];
  const rows = await eventsBefore(filter, before, limit + 1);
  const page = pageOf(
    rows,
    limit,
    ({ id }) => encodeCursor([String(id)]),
    (row) => row,
  );
  return { ...page, items: await administeredViews(who, page.items) };
}

/** Matching events in parts of at most 500, each read on demand. Refuses `forbidden`. */
export function exportAuditEvents(
  who: Actor,
  { format: _, ...filter }: AuditExport,
): AsyncGenerator<AdministeredEventView[]> {
  demand(who, "users:manage");
  return readParts(who, filter);
}

const partLength = 500;

async function* readParts(who: Actor, filter: Filter): AsyncGenerator<AdministeredEventView[]> {
  let before: bigint | undefined;
  for (;;) {
    const rows = await eventsBefore(filter, before, partLength);
    const last = rows.at(-1);
    if (!last) return;
    yield await administeredViews(who, rows);
    before = last.id;
  }
}

type Filter = Omit<AuditFilter, "limit" | "cursor">;

const administeredFields = {
  ...eventFields,
  subjectType: true,
  subjectId: true,
  subjectName: true,
} satisfies Prisma.AuditEventSelect;

type AdministeredRow = Prisma.AuditEventGetPayload<{ select: typeof administeredFields }>;

function eventsBefore(filter: Filter, before: bigint | undefined, take: number): Promise<AdministeredRow[]> {
  const { actor, action, type, subject, from, to } = filter;
  return db.auditEvent.findMany({
    where: {
      id: { lt: before },
      subjectType: { in: type ? [type] : [...administeredTypes] },
      // Only its owner may read what is done to an app's token.
      AND: [{ action: { notIn: tokenActions } }, action === undefined ? {} : { action }],
      actorName: actor === undefined ? undefined : normalizeUserName(actor),
      subjectName: subject ? containsText(subject) : undefined,
      at: { gte: from, lt: to },
    },
    orderBy: { id: "desc" },
    take,
    select: administeredFields,
  });
}

const tokenActions = ["app.issue-token"];

async function administeredViews(who: Actor, rows: AdministeredRow[]): Promise<AdministeredEventView[]> {
  const urlNames = await currentNamesOf(
    who,
    rows.map(({ subjectType, subjectId }) => ({ type: subjectType, id: subjectId })),
  );
  return rows.map(({ subjectType, subjectName, subjectId: _, ...event }, index) => {
    const type = subjectType as AdministeredEventView["subject"]["type"];
    return { ...viewOf(who, event), subject: { type, name: subjectName, urlName: urlNames[index] ?? null } };
  });
}
