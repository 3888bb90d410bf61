import { record } from "../audit/record";
import { inTransaction } from "../db";
import { conflict, notFound, Refusal } from "../errors";
import { claimKey, idempotentRequest, requireExisting, settleKey } from "../idempotency";
import type { Actor } from "../permissions/actor";
import type { Secret } from "../secret";
import { issueToken, removeLocked } from "../tokens/commands";
import { demandGrantable } from "../tokens/grant-rules";
import { mayGrant } from "../tokens/policy";
import { newToken } from "../tokens/schema";
import type { TokenRow } from "../tokens/view";
import { subjectOf } from "./audit";
import { defaultExpiration } from "./commands";
import { lockApps, lockTokens } from "./lock";
import { ownsToken, refusals } from "./policy";
import type { AppView, NewAppToken } from "./schema";
import { runPermission } from "./state";
import { appFields, pathOf, viewOf } from "./view";

/**
 * Issues a new token for an app. The one it had, if any, is removed in the same moment: at any time an app has one token at most.
 * The value is in this answer and nowhere else; the retry of an answered request gets the app without it.
 *
 * @throws Refusal `not-found`; `forbidden` for an app of somebody else, or for a permission that is not the actor's to give;
 * `invalid` on `expiresAt` or `permissions`; `conflict` on `name` when another token is called so, on `Idempotency-Key`, or when
 * the workspace is gone.
 */
export async function issueAppToken(
  who: Actor,
  slug: string,
  input: NewAppToken,
  idempotencyKey?: string,
): Promise<{ app: AppView; value: Secret | null }> {
  const request = idempotentRequest(issuing, who.userId, idempotencyKey, canonicalFields(slug, input));
  return inTransaction(async (tx) => {
    const madeBefore = request && (await claimKey(tx, request, who.now));
    const [app] = await lockApps(tx, who, [slug]);
    if (!app) throw notFound();
    if (madeBefore) {
      requireExisting(app.token?.id === madeBefore ? app : null, request);
      return { app: await viewOf(tx, who, app), value: null };
    }
    if (!ownsToken(who, app)) throw new Refusal("forbidden", refusals.othersToken);
    if (!app.workspace) throw conflict(refusals.noWorkspace);

    const former = (await lockTokens(tx, [app])).get(app.id);
    const extra = input.permissions ?? (former ? stillGrantable(who, former) : []);
    const permissions = [runPermission(pathOf(app.workspace)), ...extra];
    demandGrantable(who, permissions);
    if (former) await removeLocked(tx, who, [former]);
    const { expiresAt = defaultExpiration(who.now) } = input;
    const name = former?.name ?? app.name;
    const token = newToken.parse({ name, expiresAt: expiresAt.toISOString(), permissions });
    const { id, value } = await issueToken(tx, who, token, app.id);
    if (request) await settleKey(tx, request, id);
    await record(tx, who, { action: "app.issue-token", subject: subjectOf(app), after: { token: token.name } });
    const issued = await tx.app.findUniqueOrThrow({ where: { id: app.id }, select: appFields });
    return { app: await viewOf(tx, who, issued), value };
  });
}

/** What the former token was given, as far as the actor can give it. All Permissions does not pass on. */
const stillGrantable = (who: Actor, { permissions }: TokenRow): string[] =>
  permissions.filter((permission) => mayGrant(who, permission));

const issuing = { operation: "app.issue-token", noun: "token" };

const canonicalFields = (slug: string, { expiresAt, permissions }: NewAppToken): unknown[] => [
  slug,
  expiresAt,
  permissions && [...permissions].sort(),
];
