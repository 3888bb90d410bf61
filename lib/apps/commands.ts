import { record } from "../audit/record";
import { days, later } from "../clock";
import { inTransaction, isForeignKeyViolation, isUniqueViolation, type Tx } from "../db";
import { env } from "../env";
import { conflict, invalid, notFound, Refusal } from "../errors";
import { claimKey, idempotentRequest, requireExisting, settleKey } from "../idempotency";
import { type Actor, demand, withOwnership } from "../permissions/actor";
import { runPermission } from "../permissions/catalog";
import type { Secret } from "../secret";
import { type LockedActor, lockActor } from "../tokens/actor-check";
import { editLocked, issueToken } from "../tokens/commands";
import { withExpirationTime } from "../tokens/expiration";
import { demandGrantable } from "../tokens/grant-rules";
import { expirationBeyond } from "../tokens/policy";
import { newToken } from "../tokens/schema";
import { parseStoredParameters, workspaceFor } from "../workspaces/queries";
import type { WorkspacePath } from "../workspaces/schema";
import { auditSnapshot, subjectOf } from "./audit";
import { changeLockedApp, lockApps, lockTokens, removeLockedApps } from "./lock";
import { settingsOf } from "./parameters";
import { isTokenOwner, refusals } from "./policy";
import { type AppChange, type AppParameter, type AppView, appDaysDefault, type NewApp } from "./schema";
import { type AppRow, appFields, viewOf } from "./view";

/** Creates an app and its token: both or neither. The token has the app's name, the permission to run its workspace,
 * and those in `input`. Its value is only in this answer, and null when an idempotent request is repeated. Refuses
 * `forbidden` without `apps:create`, `tokens:manage` or `workspace/…:run`, or for more than the actor may give (design
 * 3.2); `invalid` on `workspace`, `parameters.<NAME>`, `expiresAt` or `permissions`; `conflict` on `slug`, `name` (of
 * the token) or `Idempotency-Key`. */
export async function createApp(
  who: Actor,
  requested: NewApp,
  idempotencyKey?: string,
): Promise<{ app: AppView; value: Secret | null }> {
  demand(who, "apps:create");
  const input = withExpirationTime(requested, who.now);
  const path = { repository: input.repository, name: input.workspace };
  const workspace = await workspaceToRun(who, path);
  const permissions = [runPermission(path), ...input.permissions];
  demandGrantable(who, permissions);
  const parameters = settingsOf(workspace.parameters, input.parameters);
  const request = idempotentRequest(
    idempotencyKey,
    { userId: who.userId, operation: "app.create", noun: "app" },
    canonicalFields(requested),
  );
  const owner = withOwnership(who, `app/${input.slug}`);

  return inTransaction(async (tx) => {
    const existingId = request && (await claimKey(tx, request, who.now));
    if (existingId) {
      const row = await tx.app.findFirst({ where: { id: existingId, ownerId: who.userId }, select: appFields });
      return { app: await viewOf(tx, owner, requireExisting(row, request)), value: null };
    }
    const { id } = await insertApp(tx, who, input, { id: workspace.id, path, parameters });
    const acting = await lockActor(tx, who);
    const { expiresAt = defaultExpirationBy(acting) } = input;
    const token = newToken.parse({ name: input.name, expiresAt: expiresAt.toISOString(), permissions });
    const { value } = await issueToken(tx, acting, token, id);
    if (request) await settleKey(tx, request, id);
    const row = await tx.app.findUniqueOrThrow({ where: { id }, select: appFields });
    await record(tx, who, { action: "app.create", subject: subjectOf(row), after: auditSnapshot(row) });
    return { app: await viewOf(tx, owner, row), value };
  });
}

/** Changes an app, and the expiration of its token. Refuses `not-found`; `invalid` on `parameters.<NAME>` or
 * `expiresAt`; `forbidden` on `expiresAt` of another user's app; `conflict` on `parameters` when its workspace was
 * removed, and on `expiresAt` when its token was. */
export async function editApp(who: Actor, slug: string, requested: AppChange): Promise<AppView> {
  const { expiresAt, ...change } = withExpirationTime(requested, who.now);
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

/** Removes an app and its token, but not their audit events and the app's jobs. Refuses `not-found`. */
export async function removeApp(who: Actor, slug: string): Promise<void> {
  await inTransaction(async (tx) => {
    const apps = await lockApps(tx, who, [slug]);
    if (apps.length === 0) throw notFound();
    await removeLockedApps(tx, who, apps);
  });
}

/** Changes the expiration of a locked app's token. Refuses as {@link editApp} does for `expiresAt`. */
export async function expireLocked(tx: Tx, who: Actor, app: AppRow, expiresAt: Date): Promise<void> {
  if (!isTokenOwner(who, app)) throw new Refusal("forbidden", refusals.othersToken, { field: "expiresAt" });
  const token = (await lockTokens(tx, [app])).get(app.id);
  if (!token) throw conflict(refusals.noToken, "expiresAt");
  await editLocked(tx, who, token, { expiresAt });
}

/** Ten years from now, or the latest expiration that this server allows and the actor can give, if that is earlier. */
export function defaultExpirationBy(who: LockedActor): Date {
  const expiresAt = later(who.now, days(Math.min(appDaysDefault, env().tokenLifetimeDaysMax)));
  return expirationBeyond(who, expiresAt) ?? expiresAt;
}

/** A workspace that is not visible is an invalid input here, since the request's body names it. */
async function workspaceToRun(who: Actor, path: WorkspacePath) {
  try {
    return await workspaceFor(who, path, "run");
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== "not-found") throw error;
    throw invalid(
      "workspace",
      `There is no workspace ${path.repository}/${path.name}, or you don't have access to it.`,
    );
  }
}

interface ChosenWorkspace {
  id: string;
  path: WorkspacePath;
  parameters: AppParameter[];
}

async function insertApp(
  tx: Tx,
  who: Actor,
  input: Omit<NewApp, "expiresInSeconds">,
  { id, path, parameters }: ChosenWorkspace,
) {
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
    if (isUniqueViolation(error)) throw conflict("This URL name is already taken. Choose another.", "slug");
    if (isForeignKeyViolation(error)) throw invalid("workspace", "This workspace was just removed. Choose another.");
    throw error;
  }
}

function settingsAfter({ workspace }: AppRow, parameters: AppParameter[]): AppParameter[] {
  if (!workspace) throw conflict(refusals.noWorkspace, "parameters");
  return settingsOf(parseStoredParameters(workspace.parameters), parameters);
}

/** The order is fixed, so that a retry is recognized however its lists are sorted, and a length is recognized later. */
function canonicalFields(input: NewApp): unknown[] {
  const { name, slug, description, repository, workspace, frameOrigins, expiresAt, expiresInSeconds } = input;
  const parameters = input.parameters.map((each) => [each.name, each.shown, each.default] as const).sort();
  const permissions = [...input.permissions].sort();
  return [
    name,
    slug,
    description,
    repository,
    workspace,
    parameters,
    frameOrigins,
    expiresAt ?? expiresInSeconds,
    permissions,
  ];
}
