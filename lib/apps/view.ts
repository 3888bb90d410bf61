import { z } from "zod";
import type { Tx } from "../db";
import type { Prisma } from "../generated/prisma/client";
import type { Actor } from "../permissions/actor";
import { everything } from "../permissions/effective";
import { heldBy } from "../permissions/held";
import { givenPermissions } from "../tokens/view";
import { parseStoredParameters } from "../workspaces/queries";
import type { WorkspacePath } from "../workspaces/schema";
import { type ConfiguredParameter, configuredParameters } from "./parameters";
import { canOf, isTokenOwner, visibleFaults } from "./policy";
import { type AppView, appParameter } from "./schema";
import { type AppStanding, type AppToken, faultsOf } from "./state";

export const appFields = {
  id: true,
  slug: true,
  name: true,
  description: true,
  ownerId: true,
  repositoryName: true,
  workspaceName: true,
  parameters: true,
  enabled: true,
  frameOrigins: true,
  createdAt: true,
  runs: true,
  lastRunAt: true,
  owner: { select: { userName: true, enabled: true, mustChangePassword: true } },
  workspace: { select: { name: true, output: true, parameters: true, repository: { select: { name: true } } } },
  token: { select: { id: true, name: true, enabled: true, expiresAt: true, allPermissions: true } },
} satisfies Prisma.AppSelect;

export type AppRow = Prisma.AppGetPayload<{ select: typeof appFields }>;

/** The tokens and permissions that decide about the apps are read once for all of them. */
export async function viewsOf(tx: Tx, who: Actor, rows: readonly AppRow[]): Promise<AppView[]> {
  const tokens = await tokensOf(tx, rows);
  return rows.map((row) => buildView(who, row, tokens.get(row.id) ?? null));
}

export async function viewOf(tx: Tx, who: Actor, row: AppRow): Promise<AppView> {
  const [only] = await viewsOf(tx, who, [row]);
  if (!only) throw new Error("One app has one view.");
  return only;
}

export async function tokensOf(tx: Tx, rows: readonly AppRow[]): Promise<Map<string, AppToken>> {
  const ids = rows.flatMap(({ token }) => token?.id ?? []);
  const given = await givenPermissions(tx, ids);
  const held = await heldBy(
    tx,
    rows.map(({ ownerId }) => ownerId),
  );
  return new Map(
    rows.flatMap(({ id, ownerId, token }): [string, AppToken][] => {
      if (!token) return [];
      const { enabled, expiresAt, allPermissions } = token;
      const permissions = new Set(allPermissions ? [everything] : given.get(token.id));
      return [[id, { enabled, expiresAt, given: permissions, held: held(ownerId) }]];
    }),
  );
}

export const standingOf = (row: AppRow, token: AppToken | null): AppStanding => ({
  enabled: row.enabled,
  ownerEnabled: row.owner.enabled,
  workspace: row.workspace && pathOf(row.workspace),
  parametersFit: parametersOf(row) !== null,
  token,
});

/** Null when the settings no longer fit the workspace's parameters, or the workspace was removed. */
export const parametersOf = ({ workspace, parameters }: AppRow): ConfiguredParameter[] | null =>
  workspace && configuredParameters(parseStoredParameters(workspace.parameters), parseStoredSettings(parameters));

export const pathOf = ({ name, repository }: NonNullable<AppRow["workspace"]>): WorkspacePath => ({
  repository: repository.name,
  name,
});

export const parseStoredSettings = (stored: Prisma.JsonValue) => z.array(appParameter).parse(stored);

function buildView(who: Actor, row: AppRow, token: AppToken | null): AppView {
  const { workspace } = row;
  const { repository, name } = workspace
    ? pathOf(workspace)
    : { repository: row.repositoryName, name: row.workspaceName };
  const faults = faultsOf(standingOf(row, token), who.now);
  return {
    slug: row.slug,
    name: row.name,
    description: row.description,
    owner: row.owner.userName,
    repository,
    workspace: name,
    parameters: parseStoredSettings(row.parameters),
    frameOrigins: row.frameOrigins,
    enabled: row.enabled,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.token?.expiresAt.toISOString() ?? null,
    tokenId: isTokenOwner(who, row) ? (row.token?.id ?? null) : null,
    runs: row.runs,
    lastRunAt: row.lastRunAt?.toISOString() ?? null,
    available: faults.length === 0,
    faults: visibleFaults(who, row, faults),
    can: canOf(who, row),
  };
}
