import type { AppFault } from "@/lib/apps/schema";

export type AppAction = "enable" | "disable" | "expire" | "remove";

interface Named {
  name: string;
}

/** "1 app", "3 apps". */
export const countOf = (apps: readonly Named[]) => `${apps.length} app${apps.length === 1 ? "" : "s"}`;

/** The label of a button: "Disable 3 apps", "Change expiration of 3 apps"; for one: "Disable app", "Change expiration". */
export function labelOf(change: AppAction, apps: readonly Named[]): string {
  const what = apps.length === 1 ? "app" : countOf(apps);
  return {
    enable: `Enable ${what}`,
    disable: `Disable ${what}`,
    expire: apps.length === 1 ? "Change expiration" : `Change expiration of ${what}`,
    remove: `Remove ${what}`,
  }[change];
}

/** The message after a change: "Disabled Earthquakes", "Removed 3 apps". */
export function doneLabelOf(change: AppAction, apps: readonly Named[]): string {
  const [only] = apps;
  const what = apps.length === 1 && only ? only.name : countOf(apps);
  return `${{ enable: "Enabled", disable: "Disabled", expire: "Changed expiration of", remove: "Removed" }[change]} ${what}`;
}

/** Describes a fault to the users who manage the app. */
export function faultSentence(
  fault: AppFault,
  { owner, repository, workspace }: { owner: string; repository: string; workspace: string },
): string {
  const path = `${repository}/${workspace}`;
  return {
    "app-disabled": "The app is disabled.",
    "workspace-removed": `Its workspace ${path} has been removed.`,
    "parameters-changed": `The parameters of ${path} have changed. Review the app's parameters and save them.`,
    "token-removed": "Its token has been removed.",
    "token-expired": "Its token has expired.",
    "token-disabled": "Its token is disabled.",
    "token-not-permitted": `Its token doesn't have permission to run ${path}.`,
    "owner-not-permitted": `You no longer have permission to run ${path}, so the app's token doesn't either.`,
    "owner-disabled": "Its owner is disabled.",
    owner: `${owner} owns this app and has to fix it. Ask ${owner} to open it here.`,
  }[fault];
}
