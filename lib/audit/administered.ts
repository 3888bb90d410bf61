import { db } from "../db";
import type { Prisma } from "../generated/prisma/client";
import { decodeCursor, encodeCursor, type Page, pageOf } from "../paging";
import { type Actor, demand } from "../permissions/actor";
import { containsText } from "../search";
import { eventFields, position, viewOf } from "./queries";
import { type AdministeredEventView, type AuditExport, type AuditFilter, administeredTypes } from "./schema";

/**
 * A page of the audit events of accounts, roles, repositories, workspaces and apps, newest first. Other people's tokens do not
 * change it in any way (design 3.1.1).
 *
 * @throws Refusal `forbidden`; `invalid` on `cursor`.
 */
export async function listAuditEvents(
  who: Actor,
  { limit, cursor, ...filter }: AuditFilter,
): Promise<Page<AdministeredEventView>> {
  demand(who, "users:manage");
  const before = cursor === undefined ? undefined : decodeCursor(cursor, position)[0];
  const rows = await eventsBefore(filter, before, limit + 1);
  return pageOf(
    rows,
    limit,
    ({ id }) => encodeCursor([String(id)]),
    (row) => administeredView(who, row),
  );
}

/** All events that match, in parts of at most 500 that are read on demand. @throws Refusal `forbidden`. */
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
    yield rows.map((row) => administeredView(who, row));
    before = last.id;
  }
}

type Filter = Omit<AuditFilter, "limit" | "cursor">;

const administeredFields = {
  ...eventFields,
  subjectType: true,
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
      actorName: actor?.toLowerCase(),
      subjectName: subject ? containsText(subject) : undefined,
      at: { gte: from, lt: to },
    },
    orderBy: { id: "desc" },
    take,
    select: administeredFields,
  });
}

const tokenActions = ["app.issue-token"];

function administeredView(who: Actor, row: AdministeredRow): AdministeredEventView {
  const { subjectType, subjectName, ...event } = row;
  const subject = { type: subjectType as AdministeredEventView["subject"]["type"], name: subjectName };
  return { ...viewOf(who, event), subject };
}
