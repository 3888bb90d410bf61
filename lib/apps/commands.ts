import { record } from "../audit/record";
import { days, later } from "../clock";
import { inTransaction, isForeignKeyViolation, isUniqueViolation, type Tx } from "../db";
import { env } from "../env";
import { conflict, invalid, notFound, Refusal } from "../errors";
import { claimKey, idempotentRequest, requireExisting, settleKey } from "../idempotency";
import { type Actor, demand } from "../permissions/actor";
import type { Secret } from "../secret";
import { editLocked, issueToken } from "../tokens/commands";
import { demandGrantable } from "../tokens/grant-rules";
import { newToken } from "../tokens/schema";
import { storedParameters, workspaceFor } from "../workspaces/queries";
import type { WorkspacePath } from "../workspaces/schema";
import { auditSnapshot, subjectOf } from "./audit";
import { changeLockedApp, lockApps, lockTokens, removeLockedApps } from "./lock";
import { settingsOf } from "./parameters";
import { ownsToken, refusals } from "./policy";
import { type AppChange, type AppParameter, type AppView, appDaysDefault, type NewApp } from "./schema";
import { runPermission } from "./state";
import { type AppRow, appFields, viewOf } from "./view";

/**
 * Makes an app and its token: both or neither. The token is called after the app and may run its workspace, and what else
 * the actor gives it. Its value is in this answer and nowhere else; the retry of an answered request gets the app without it.
 *
 * @throws Refusal `forbidden` without `apps:create`, `tokens:manage` or `workspace/…:run`, or for a permission that is not the actor's to give; `invalid`
 * on `workspace`, `parameters.<NAME>`, `expiresAt` or `permissions`; `conflict` on `slug`, `name` (of the token) or `Idempotency-Key`.
 */
export async function createApp(
  who: Actor,
  input: NewApp,
  idempotencyKey?: string,
): Promise<{ app: AppView; value: Secret | null }> {
  demand(who, "apps:create");
  const path = { repository: input.repository, name: input.workspace };
  const workspace = await workspaceToRun(who, path);
  const permissions = [runPermission(path), ...input.permissions];
  demandGrantable(who, permissions);
  const parameters = settingsOf(workspace.parameters, input.parameters);
  const request = idempotentRequest(creation, who.userId, idempotencyKey, canonicalFields(input));
  const maker = withOwnership(who, input.slug);

  return inTransaction(async (tx) => {
    const madeBefore = request && (await claimKey(tx, request, who.now));
    if (madeBefore) {
      const row = await tx.app.findFirst({ where: { id: madeBefore, ownerId: who.userId }, select: appFields });
      return { app: await viewOf(tx, maker, requireExisting(row, request)), value: null };
    }
    const { id } = await insertApp(tx, who, input, { id: workspace.id, path, parameters });
    const { expiresAt = defaultExpiration(who.now) } = input;
    const token = newToken.parse({ name: input.name, expiresAt: expiresAt.toISOString(), permissions });
    const { value } = await issueToken(tx, who, token, id);
    if (request) await settleKey(tx, request, id);
    const row = await tx.app.findUniqueOrThrow({ where: { id }, select: appFields });
    await record(tx, who, { action: "app.create", subject: subjectOf(row), after: auditSnapshot(row) });
    return { app: await viewOf(tx, maker, row), value };
  });
}

/**
 * Changes an app, all but its address and workspace, and the expiration of its token.
 *
 * @throws Refusal `not-found`; `invalid` on `parameters.<NAME>` or `expiresAt`; `forbidden` on `expiresAt` for an app of somebody
 * else; `conflict` on `parameters` when its workspace is gone, on `expiresAt` when its token is.
 */
export async function editApp(who: Actor, slug: string, { expiresAt, ...change }: AppChange): Promise<AppView> {
  return inTransaction(async (tx) => {
    const [app] = await lockApps(tx, who, [slug]);
    if (!app) throw notFound();
    if (expiresAt) await expireLocked(tx, who, app, expiresAt);
    const parameters = change.parameters && settingsAfter(app, change.parameters);
    const edited = await changeLockedApp(tx, who, app, parameters ? { ...change, parameters } : change);
    return viewOf(
      tx,
      who,
      expiresAt ? await tx.app.findUniqueOrThrow({ where: { id: app.id }, select: appFields }) : edited,
    );
  });
}

/** Deletes an app and its token for good; their history and the jobs stay. @throws Refusal `not-found`. */
export async function removeApp(who: Actor, slug: string): Promise<void> {
  await inTransaction(async (tx) => {
    const apps = await lockApps(tx, who, [slug]);
    if (apps.length === 0) throw notFound();
    await removeLockedApps(tx, who, apps);
  });
}

/** Gives the token of a locked app another expiration. @throws Refusal like {@link editApp}. */
export async function expireLocked(tx: Tx, who: Actor, app: AppRow, expiresAt: Date): Promise<void> {
  if (!ownsToken(who, app)) throw new Refusal("forbidden", refusals.othersToken, { field: "expiresAt" });
  const token = (await lockTokens(tx, [app])).get(app.id);
  if (!token) throw conflict(refusals.noToken, "expiresAt");
  await editLocked(tx, who, token, { expiresAt });
}

/** Ten years from now, or as long as this server lets a token live. */
export const defaultExpiration = (now: Date): Date =>
  later(now, days(Math.min(appDaysDefault, env().tokenLifetimeDaysMax)));

/** Whoever makes an item owns it from then on; what they hold was read before. */
const withOwnership = (who: Actor, slug: string): Actor => ({
  ...who,
  owner: new Set([...who.owner, `app/${slug}:*`]),
});

/** One that is named in a body and not to be seen is a wrong input. */
async function workspaceToRun(who: Actor, path: WorkspacePath) {
  try {
    return await workspaceFor(who, path, "run");
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== "not-found") throw error;
    throw invalid("workspace", `There is no workspace ${path.repository}/${path.name} that you may see.`);
  }
}

interface ChosenWorkspace {
  id: string;
  path: WorkspacePath;
  parameters: AppParameter[];
}

async function insertApp(tx: Tx, who: Actor, input: NewApp, { id, path, parameters }: ChosenWorkspace) {
  const { slug, name, description, frameOrigins } = input;
  const data = {
    ...{ slug, name, description, frameOrigins, parameters },
    ownerId: who.userId,
    workspaceId: id,
    repositoryName: path.repository,
    workspaceName: path.name,
    createdAt: who.now,
  };
  try {
    return await tx.app.create({ data, select: { id: true } });
  } catch (error) {
    if (isUniqueViolation(error)) throw conflict("There is an app at this address already; choose another.", "slug");
    if (isForeignKeyViolation(error)) throw invalid("workspace", "This workspace has just been removed.");
    throw error;
  }
}

function settingsAfter({ workspace }: AppRow, parameters: AppParameter[]): AppParameter[] {
  if (!workspace) throw conflict(refusals.noWorkspace, "parameters");
  return settingsOf(storedParameters(workspace.parameters), parameters);
}

const creation = { operation: "app.create", noun: "app" };

function canonicalFields(input: NewApp): unknown[] {
  const { name, slug, description, repository, workspace, parameters, frameOrigins, expiresAt } = input;
  const byName = parameters.map((each) => [each.name, each.shown, each.default] as const).sort();
  const permissions = [...input.permissions].sort();
  return [name, slug, description, repository, workspace, byName, frameOrigins, expiresAt, permissions];
}
