import { runPermission } from "../permissions/catalog";
import { holds, type PermissionSet } from "../permissions/effective";
import { stateOf } from "../tokens/state";
import type { WorkspacePath } from "../workspaces/schema";
import type { AppCure, AppFault } from "./schema";

export interface AppToken {
  enabled: boolean;
  expiresAt: Date;
  /** `*` means All Permissions. */
  given: PermissionSet;
  held: PermissionSet;
}

export interface AppStanding {
  enabled: boolean;
  ownerEnabled: boolean;
  /** Null when it was removed. */
  workspace: WorkspacePath | null;
  parametersFit: boolean;
  /** Null when it was removed. */
  token: AppToken | null;
}

/** All faults of an app. It runs if and only if it has none (design 3.5). */
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

/** The cures of each fault, the least intrusive first. */
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
