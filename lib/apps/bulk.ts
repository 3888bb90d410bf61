import { inTransaction, type Tx } from "../db";
import { Refusal } from "../errors";
import type { Actor } from "../permissions/actor";
import { withExpirationTime } from "../tokens/expiration";
import { demandLifetime } from "../tokens/grant-rules";
import { expireLocked } from "./commands";
import { changeLockedApp, lockApps, removeLockedApps } from "./lock";
import type { AppChanges, AppOutcome, AppOutcomes } from "./schema";
import { type AppRow, appFields, viewsOf } from "./view";

/** Enables, disables or removes several apps, or changes the expiration of their tokens, in one transaction. An app
 * that is refused or not found does not affect the others. Refuses `invalid` on `expiresAt`. */
export async function bulkChangeApps(who: Actor, requested: AppChanges): Promise<AppOutcomes> {
  const input = withExpirationTime(requested, who.now);
  if (input.expiresAt) demandLifetime(input.expiresAt, who.now);
  return inTransaction(async (tx) => {
    const slugs = [...new Set(input.slugs)];
    const rows = await lockApps(tx, who, slugs);
    const decisions = new Map<string, Decision>();
    if (input.change === "remove") await removeLockedApps(tx, who, rows);
    for (const row of rows) decisions.set(row.slug, await applyToApp(tx, who, row, input));

    const remaining = await tx.app.findMany({ where: { id: { in: rows.map(({ id }) => id) } }, select: appFields });
    const views = new Map((await viewsOf(tx, who, remaining)).map((view) => [view.slug, view]));
    return {
      outcomes: slugs.map((slug): AppOutcome => {
        const { outcome, detail = null } = decisions.get(slug) ?? { outcome: "not-found" };
        return { slug, outcome, detail, app: views.get(slug) ?? null };
      }),
    };
  });
}

interface Decision {
  outcome: AppOutcome["outcome"];
  detail?: string;
}

async function applyToApp(
  tx: Tx,
  who: Actor,
  app: AppRow,
  { change, expiresAt }: Pick<AppChanges, "change" | "expiresAt">,
): Promise<Decision> {
  if (change === "remove") return { outcome: "changed" };
  if (change === "expire") return expiresAt ? changeExpiration(tx, who, app, expiresAt) : { outcome: "unchanged" };
  const enabled = change === "enable";
  if (app.enabled === enabled) return { outcome: "unchanged" };
  await changeLockedApp(tx, who, app, { enabled });
  return { outcome: "changed" };
}

async function changeExpiration(tx: Tx, who: Actor, app: AppRow, expiresAt: Date): Promise<Decision> {
  if (app.token?.expiresAt.getTime() === expiresAt.getTime()) return { outcome: "unchanged" };
  try {
    await expireLocked(tx, who, app, expiresAt);
    return { outcome: "changed" };
  } catch (error) {
    if (error instanceof Refusal) return { outcome: "refused", detail: error.message };
    throw error;
  }
}
