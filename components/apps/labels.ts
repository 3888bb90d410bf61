import type { AppFault } from "@/lib/apps/schema";

export type AppAction = "enable" | "disable" | "expire" | "remove";

interface Named {
  name: string;
}

/** "1 app", "3 apps". */
export const countOf = (apps: readonly Named[]) => `${apps.length} app${apps.length === 1 ? "" : "s"}`;

/** What a button does: "Disable 3 apps", "Change expiration of 1 app…". */
export function labelOf(change: AppAction, apps: readonly Named[]): string {
  return { enable: "Enable", disable: "Disable", expire: "Change expiration of", remove: "Remove" }[change].concat(
    ` ${countOf(apps)}`,
  );
}

/** What was done: "Disabled Earthquakes", "Removed 3 apps". */
export function doneLabelOf(change: AppAction, apps: readonly Named[]): string {
  const [only] = apps;
  const what = apps.length === 1 && only ? only.name : countOf(apps);
  return `${{ enable: "Enabled", disable: "Disabled", expire: "Changed the expiration of", remove: "Removed" }[change]} ${what}`;
}

/** Why an app does not run, as a sentence for whoever manages it. */
export function faultSentence(
  fault: AppFault,
  { owner, repository, workspace }: { owner: string; repository: string; workspace: string },
): string {
  const path = `${repository}/${workspace}`;
  return {
    "app-disabled": "The app is disabled.",
    "workspace-removed": `Its workspace ${path} has been removed.`,
    "parameters-changed": `The parameters of ${path} have changed, and the app's settings no longer fit them.`,
    "token-removed": "Its token has been removed.",
    "token-expired": "Its token has expired.",
    "token-disabled": "Its token is disabled.",
    "token-not-permitted": `Its token may not run ${path}.`,
    "owner-not-permitted": `You may no longer run ${path}, and so neither may the app's token.`,
    "owner-disabled": "The account of its owner is disabled.",
    owner: `It runs in the name of ${owner}, and something is missing there. Ask ${owner} to look at it.`,
  }[fault];
}
