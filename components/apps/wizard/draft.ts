import { type AppDraft, type NewApp, newApp } from "@/lib/apps/schema";
import type { PublishedParameter, WorkspaceView } from "@/lib/workspaces/schema";
import { type Expiration, expiresAtOf } from "../../tokens/expiration";
import { appParametersOf, choiceProblems, openingChoices, type ParameterChoices } from "../parameter-choices";

/** What was entered so far. It is kept in the tab's session storage, so nothing in it is a secret. */
export interface WizardDraft {
  name: string;
  /** Null while it follows the name. */
  slug: string | null;
  description: string;
  workspace: { repository: string; name: string } | null;
  /** Null while it is the workspace's own. */
  parameters: ParameterChoices | null;
  frameOrigins: string[];
  expiration: Expiration;
  /** Besides running the workspace. */
  permissions: string[];
  /** Set when Create was pressed, and gone with the next change: a retry is the same request, and makes nothing twice. */
  sent: { key: string; expiresAt: string | undefined } | null;
}

export const steps = ["details", "workspace", "parameters", "access", "review"] as const;
export type Step = (typeof steps)[number];

export const stepNames: Record<Step, string> = {
  details: "Details",
  workspace: "Workspace",
  parameters: "Parameters",
  access: "Expiration and permissions",
  review: "Review",
};

/** The draft that the wizard opens with. */
export function openingDraft(
  start: AppDraft,
  published: readonly PublishedParameter[],
  usualDays: number,
): WizardDraft {
  const { name, description, repository, workspace, parameters, frameOrigins, permissions } = start;
  return {
    name,
    slug: null,
    description,
    workspace: workspace === "" ? null : { repository, name: workspace },
    parameters: parameters.length === 0 ? null : openingChoices(published, parameters),
    frameOrigins,
    expiration: { days: usualDays, date: "" },
    permissions,
    sent: null,
  };
}

export const slugOf = ({ name, slug }: Pick<WizardDraft, "name" | "slug">) => slug ?? slugFrom(name);

/** A URL name like a name: "Séismes à Paris" becomes `seismes-a-paris`. */
export function slugFrom(name: string): string {
  const plain = name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-");
  return plain.slice(0, 60).replace(/^-+|-+$/g, "");
}

export const choicesOf = ({ parameters }: WizardDraft, { parameters: published }: WorkspaceView) =>
  parameters ?? openingChoices(published, []);

/**
 * What is wrong with one step, by field; empty when one may go on. The server checks again and has the last word.
 *
 * @param workspace the chosen one, once it has been read.
 */
export function problemsAt(step: Step, draft: WizardDraft, workspace: WorkspaceView | null): Record<string, string> {
  switch (step) {
    case "details":
      return present({
        name: refusalOf("name", draft.name),
        slug: refusalOf("slug", slugOf(draft)),
        description: refusalOf("description", draft.description),
      });
    case "workspace":
      return present({ workspace: draft.workspace ? undefined : "Choose a workspace." });
    case "parameters":
      return workspace ? choiceProblems(workspace.parameters, choicesOf(draft, workspace)) : {};
    case "access":
      return present({ expiresAt: expiresAtOf(draft.expiration, new Date()) ? undefined : "Choose a date." });
    case "review":
      return {};
  }
}

/** As far as one may go: the first step that is not complete, else the last. */
export function firstIncomplete(draft: WizardDraft, workspace: WorkspaceView | null): Step {
  return steps.find((step) => Object.keys(problemsAt(step, draft, workspace)).length > 0) ?? "review";
}

/** The step on which a field of the request is entered, and what the field is called there. */
export function placeOf(field: string | undefined): { step: Step; field: string } | null {
  const [root = "", ...rest] = (field ?? "").split(".");
  const step = fieldSteps[root];
  if (!step) return null;
  const name = root === "repository" ? "workspace" : root;
  return { step, field: root === "parameters" && rest[0] ? rest[0] : name };
}

const fieldSteps: Record<string, Step> = {
  name: "details",
  slug: "details",
  description: "details",
  repository: "workspace",
  workspace: "workspace",
  parameters: "parameters",
  expiresAt: "access",
  permissions: "access",
};

/** The request that makes the app. The expiration is sent as it was when Create was first pressed. */
export function requestOf(draft: WizardDraft, workspace: WorkspaceView, expiresAt: string | undefined) {
  return {
    name: draft.name.trim(),
    slug: slugOf(draft),
    description: draft.description.trim(),
    repository: workspace.repository,
    workspace: workspace.name,
    parameters: appParametersOf(workspace.parameters, choicesOf(draft, workspace)),
    frameOrigins: draft.frameOrigins,
    permissions: draft.permissions,
    expiresAt,
  } satisfies Omit<NewApp, "expiresAt"> & { expiresAt: string | undefined };
}

function refusalOf(field: "name" | "slug" | "description", value: string): string | undefined {
  return newApp.shape[field].safeParse(value).error?.issues[0]?.message;
}

function present(problems: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(problems).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
