import { runPermission } from "../permissions/catalog";
import { holds, type PermissionSet } from "../permissions/effective";
import { stateOf } from "../tokens/state";
import type { WorkspacePath } from "../workspaces/schema";
import type { AppCure, AppFault } from "./schema";

/** An app's token, as far as it decides whether the app runs. */
export interface AppToken {
  enabled: boolean;
  expiresAt: Date;
  /** What it was given; `*` for All Permissions. */
  given: PermissionSet;
  /** What its owner holds. */
  held: PermissionSet;
}

/** All that decides whether an app runs. */
export interface AppStanding {
  enabled: boolean;
  ownerEnabled: boolean;
  /** Null once it was removed. */
  workspace: WorkspacePath | null;
  /** Do its settings fit the parameters that the workspace has now? */
  parametersFit: boolean;
  /** Null once it was removed. */
  token: AppToken | null;
}

/** Everything that keeps an app from running; it runs if and only if that is nothing (design 3.5). */
export function faultsOf(app: AppStanding, now: Date): AppFault[] {
  const faults: AppFault[] = [];
  if (!app.enabled) faults.push("app-disabled");
  if (!app.ownerEnabled) faults.push("owner-disabled");
  if (!app.workspace) faults.push("workspace-removed");
  else if (!app.parametersFit) faults.push("parameters-changed");
  return [...faults, ...faultsOfToken(app, now)];
}

function faultsOfToken({ token, workspace }: AppStanding, now: Date): AppFault[] {
  if (!token) return ["token-removed"];
  const faults: AppFault[] = [];
  const state = stateOf(token, now);
  if (state !== "active") faults.push(`token-${state}`);
  if (!workspace) return faults;
  const permission = runPermission(workspace);
  if (!holds(token.held, permission)) faults.push("owner-not-permitted");
  else if (!holds(token.given, permission)) faults.push("token-not-permitted");
  return faults;
}

/** What mends each fault, the mildest first. */
export const cures: Record<AppFault, readonly AppCure[]> = {
  "app-disabled": ["enable-app"],
  "workspace-removed": [],
  "parameters-changed": ["edit-parameters"],
  "token-removed": ["new-token"],
  "token-expired": ["new-date", "new-token"],
  "token-disabled": ["enable-token", "new-token"],
  "token-not-permitted": ["new-token"],
  "owner-not-permitted": [],
  "owner-disabled": [],
  owner: [],
};
