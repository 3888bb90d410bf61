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

/**
 * The apps of these addresses that the actor may manage, locked until the transaction ends. Always in order of id, and always before
 * their tokens: changes of the same apps wait for each other, never both.
 */
export async function lockApps(tx: Tx, who: Actor, slugs: readonly string[]): Promise<AppRow[]> {
  const mine = { AND: [visibleTo(who), { slug: { in: [...slugs] } }] };
  const seen = await tx.app.findMany({ where: mine, select: { id: true } });
  const ids = seen.map(({ id }) => id);
  await tx.$queryRaw`SELECT id FROM apps WHERE id = ANY (${ids}::uuid[]) ORDER BY id FOR UPDATE`;
  return tx.app.findMany({ where: { AND: [mine, { id: { in: ids } }] }, select: appFields, orderBy: { id: "asc" } });
}

/** The tokens of apps that the transaction has locked, locked too, with the apps that they carry. */
export async function lockTokens(tx: Tx, apps: readonly AppRow[]): Promise<Map<string, TokenRow>> {
  const ids = apps.map(({ id }) => id);
  await tx.$queryRaw`SELECT id FROM tokens WHERE app_id = ANY (${ids}::uuid[]) ORDER BY id FOR UPDATE`;
  const rows = await readTokens(tx, Prisma.sql`t.app_id = ANY (${ids}::uuid[])`);
  return new Map(rows.map((row) => [row.app?.id ?? "", row]));
}

/** Deletes apps that the transaction has locked, their tokens with them, and writes down what they were. */
export async function removeLockedApps(tx: Tx, who: Actor, apps: readonly AppRow[]): Promise<void> {
  const tokens = await lockTokens(tx, apps);
  for (const ownerId of new Set(apps.map((app) => app.ownerId))) {
    const theirs = apps.filter((app) => app.ownerId === ownerId).flatMap(({ id }) => tokens.get(id) ?? []);
    if (theirs.length > 0) await removeLocked(tx, who, theirs, ownerId);
  }
  await tx.app.deleteMany({ where: { id: { in: apps.map(({ id }) => id) } } });
  const events = apps.map((app) => ({ action: "app.remove", subject: subjectOf(app), before: auditSnapshot(app) }));
  await record(tx, who, ...events);
}

/** Writes settings of an app that the transaction has locked; what stays as it was is not told. */
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
  await record(tx, who, { action: actionOf(changed.after), subject: subjectOf(edited), ...changed });
  return edited;
}

function actionOf(after: Record<string, unknown>): string {
  if (!("enabled" in after) || Object.keys(after).length > 1) return "app.edit";
  return after.enabled ? "app.enable" : "app.disable";
}
