import { record } from "../audit/record";
import { inTransaction } from "../db";
import { conflict, notFound, Refusal } from "../errors";
import { claimKey, idempotentRequest, requireExisting, settleKey } from "../idempotency";
import type { Actor } from "../permissions/actor";
import { runPermission } from "../permissions/catalog";
import type { Secret } from "../secret";
import { lockActor } from "../tokens/actor-check";
import { issueToken, removeLocked } from "../tokens/commands";
import { withExpirationTime } from "../tokens/expiration";
import { demandGiven } from "../tokens/grant-rules";
import { mayGrant } from "../tokens/policy";
import { newToken } from "../tokens/schema";
import type { TokenRow } from "../tokens/view";
import { subjectOf } from "./audit";
import { defaultExpirationBy } from "./commands";
import { lockApps, lockTokens } from "./lock";
import { isTokenOwner, refusals } from "./policy";
import type { AppView, NewAppToken } from "./schema";
import { appFields, pathOf, viewOf } from "./view";

/** Issues a new token and removes the former one in the same transaction, so that an app never has two. The value is
 * only in this answer, and null when an idempotent request is repeated. Refuses `not-found`; `forbidden` for another
 * user's app, for more than the actor may give (design 3.2), and when the former token was given more; `invalid` on
 * `expiresAt` or `permissions`; `conflict` on `name` (of another token), on `Idempotency-Key`, or when the workspace was
 * removed. */
export async function issueAppToken(
  who: Actor,
  slug: string,
  requested: NewAppToken,
  idempotencyKey?: string,
): Promise<{ app: AppView; value: Secret | null }> {
  const input = withExpirationTime(requested, who.now);
  const request = idempotentRequest(
    idempotencyKey,
    { userId: who.userId, operation: "app.issue-token", noun: "token" },
    [slug, requested.expiresAt ?? requested.expiresInSeconds, input.permissions && [...input.permissions].sort()],
  );
  return inTransaction(async (tx) => {
    const existingId = request && (await claimKey(tx, request, who.now));
    const [app] = await lockApps(tx, who, [slug]);
    if (!app) throw notFound();
    if (existingId) {
      requireExisting(app.token?.id === existingId ? app : null, request);
      return { app: await viewOf(tx, who, app), value: null };
    }
    if (!isTokenOwner(who, app)) throw new Refusal("forbidden", refusals.othersToken);
    if (!app.workspace) throw conflict(refusals.noWorkspace);

    const former = (await lockTokens(tx, [app])).get(app.id);
    const acting = await lockActor(tx, who);
    if (former) demandGiven(acting, former);
    const extra = input.permissions ?? (former ? stillGrantable(acting, former) : []);
    const permissions = [runPermission(pathOf(app.workspace)), ...extra];
    if (former) await removeLocked(tx, who, [former], who.userId);
    const { expiresAt = defaultExpirationBy(acting) } = input;
    const name = former?.name ?? app.name;
    const token = newToken.parse({ name, expiresAt: expiresAt.toISOString(), permissions });
    const { id, value } = await issueToken(tx, acting, token, app.id);
    if (request) await settleKey(tx, request, id);
    await record(tx, who, { action: "app.issue-token", subject: subjectOf(app), after: { token: token.name } });
    const issued = await tx.app.findUniqueOrThrow({ where: { id: app.id }, select: appFields });
    return { app: await viewOf(tx, who, issued), value };
  });
}

/** The former token's permissions that the actor can still grant. All Permissions is not carried over. */
const stillGrantable = (who: Actor, { permissions }: TokenRow): string[] =>
  permissions.filter((permission) => mayGrant(who, permission));
