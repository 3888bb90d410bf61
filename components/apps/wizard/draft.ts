import type { ExpirationFields } from "@/components/forms/expiration-fields";
import { type AppDraft, type NewApp, newApp } from "@/lib/apps/schema";
import type { PublishedParameter, WorkspaceView } from "@/lib/workspaces/schema";
import { type Expiration, expirationFields } from "../../tokens/expiration";
import { appParametersOf, choiceProblems, openingChoices, type ParameterChoices } from "../parameter-choices";

/** The input of the wizard. It is kept in the tab's session storage, so it contains no secret. */
export interface WizardDraft {
  name: string;
  /** Null while it is derived from the name. */
  slug: string | null;
  description: string;
  workspace: { repository: string; name: string } | null;
  /** Null while it is the workspace's description. */
  parameters: ParameterChoices | null;
  frameOrigins: string[];
  expiration: Expiration;
  /** Besides running the workspace. */
  permissions: string[];
  /** Set when the request is sent and cleared by the next change, so that a retry is the same request. */
  sent: { key: string; expiration: ExpirationFields } | null;
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

/** The initial draft. */
export function openingDraft(
  start: AppDraft,
  published: readonly PublishedParameter[],
  defaultDays: number,
): WizardDraft {
  const { name, description, repository, workspace, parameters, frameOrigins, permissions } = start;
  return {
    name,
    slug: null,
    description,
    workspace: workspace === "" ? null : { repository, name: workspace },
    parameters: parameters.length === 0 ? null : openingChoices(published, parameters),
    frameOrigins,
    expiration: { days: defaultDays, date: "" },
    permissions,
    sent: null,
  };
}

export const slugOf = ({ name, slug }: Pick<WizardDraft, "name" | "slug">) => slug ?? slugFrom(name);

/** A URL name derived from a name: "Séismes à Paris" becomes `seismes-a-paris`. */
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
 * The problems of a step by field; empty when it is complete. The server checks the input again.
 *
 * @param workspace the chosen workspace, once it is loaded.
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
      return present({ expiresAt: expirationFields(draft.expiration) ? undefined : "Choose a date." });
    case "review":
      return {};
  }
}

/** The furthest reachable step: the first incomplete one, or the last. */
export function firstIncomplete(draft: WizardDraft, workspace: WorkspaceView | null): Step {
  return steps.find((step) => Object.keys(problemsAt(step, draft, workspace)).length > 0) ?? "review";
}

/** The step of a field of the request, and the field's name there. */
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

/** The request body. A retry sends the expiration of the first attempt. */
export function requestOf(draft: WizardDraft, workspace: WorkspaceView, expiration: ExpirationFields) {
  return {
    name: draft.name.trim(),
    slug: slugOf(draft),
    description: draft.description.trim(),
    repository: workspace.repository,
    workspace: workspace.name,
    parameters: appParametersOf(workspace.parameters, choicesOf(draft, workspace)),
    frameOrigins: draft.frameOrigins,
    permissions: draft.permissions,
    ...expiration,
  } satisfies Omit<NewApp, "expiresAt"> & ExpirationFields;
}

function refusalOf(field: "name" | "slug" | "description", value: string): string | undefined {
  return newApp.shape[field].safeParse(value).error?.issues[0]?.message;
}

function present(problems: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(problems).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
