import { changedFields } from "../audit/changed-fields";
import { record } from "../audit/record";
import type { Tx } from "../db";
import { Prisma } from "../generated/prisma/client";
import type { Actor } from "../permissions/actor";
import { removeLocked } from "../tokens/commands";
import { readTokens, type TokenRow } from "../tokens/view";
import { auditSnapshot, subjectOf } from "./audit";
import { visibleTo } from "./policy";
import { type AppRow, appFields } from "./view";

/** Locks the apps with these slugs that the actor may manage, until the transaction ends. Apps are locked in order of
 * id and before their tokens, so that concurrent changes cannot deadlock. */
export async function lockApps(tx: Tx, who: Actor, slugs: readonly string[]): Promise<AppRow[]> {
  const manageable = { AND: [visibleTo(who), { slug: { in: [...slugs] } }] };
  const found = await tx.app.findMany({ where: manageable, select: { id: true } });
  const ids = found.map(({ id }) => id);
  await tx.$queryRaw`SELECT id FROM apps WHERE id = ANY (${ids}::uuid[]) ORDER BY id FOR UPDATE`;
  return tx.app.findMany({
    where: { AND: [manageable, { id: { in: ids } }] },
    select: appFields,
    orderBy: { id: "asc" },
  });
}

/** Locks the tokens of apps that the transaction has locked. Answers them by the ids of their apps. */
export async function lockTokens(tx: Tx, apps: readonly AppRow[]): Promise<Map<string, TokenRow>> {
  const ids = apps.map(({ id }) => id);
  await tx.$queryRaw`SELECT id FROM tokens WHERE app_id = ANY (${ids}::uuid[]) ORDER BY id FOR UPDATE`;
  const rows = await readTokens(tx, Prisma.sql`t.app_id = ANY (${ids}::uuid[])`);
  return new Map(rows.map((row) => [row.app?.id ?? "", row]));
}

/** Removes apps that the transaction has locked, with their tokens. */
export async function removeLockedApps(tx: Tx, who: Actor, apps: readonly AppRow[]): Promise<void> {
  const tokens = await lockTokens(tx, apps);
  for (const ownerId of new Set(apps.map((app) => app.ownerId))) {
    const ownedTokens = apps.filter((app) => app.ownerId === ownerId).flatMap(({ id }) => tokens.get(id) ?? []);
    if (ownedTokens.length > 0) await removeLocked(tx, who, ownedTokens, ownerId);
  }
  await tx.app.deleteMany({ where: { id: { in: apps.map(({ id }) => id) } } });
  const events = apps.map((app) => ({ action: "app.remove", subject: subjectOf(app), before: auditSnapshot(app) }));
  await record(tx, who, ...events);
}

/** Changes an app that the transaction has locked. Only the settings that differ are recorded. */
export async function changeLockedApp(
  tx: Tx,
  who: Actor,
  app: AppRow,
  data: Pick<Prisma.AppUpdateInput, "name" | "description" | "parameters" | "frameOrigins" | "enabled">,
): Promise<AppRow> {
  const before = auditSnapshot(app);
  const changed = changedFields(before, { ...before, ...(data as Partial<typeof before>) });
  if (!changed) return app;
  const edited = await tx.app.update({ where: { id: app.id }, data, select: appFields });
  await record(tx, who, { action: auditActionOf(changed.after), subject: subjectOf(edited), ...changed });
  return edited;
}

function auditActionOf(after: Record<string, unknown>): string {
  if (!("enabled" in after) || Object.keys(after).length > 1) return "app.edit";
  return after.enabled ? "app.enable" : "app.disable";
}
