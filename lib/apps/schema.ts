import { z } from "zod";
import { description, isoDateTime, printableName, searchText } from "../fields";
import { jobStatuses } from "../jobs/schema";
import { pageQuery } from "../paging";
import { permissionList } from "../permissions/schema";
import { outputFormats, parameterValue, publishedParameter } from "../workspaces/schema";

/** How long an app's token lives unless told; never longer than the server allows (design 3.5). */
export const appDaysDefault = 3650;

/** The most apps that one change may name. */
export const changedAppsMax = 1000;

/** Its token is called the same, so the same rules hold for the name. */
export const appName = printableName("app").describe(
  "1 to 100 printable characters but / and \\. Its token is called so.",
);

/** The last part of the app's address: `/a/<slug>`. It stays as it is. */
export const appSlug = z
  .string()
  .max(1000, "Use at most 60 characters.")
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$/, "Use 1 to 60 letters a to z, digits and dashes, no dash at an end.")
  .refine((slug) => slug !== "new", "This name is the wizard's; choose another.")
  .describe("The last part of the app's address; unique on this server.");

/** Where an app is: looked up, never stored. */
export const appPath = z.object({
  slug: z
    .string()
    .max(200)
    .meta({ examples: ["earthquakes"] }),
});
export const appRunPath = appPath.extend({ key: z.string().regex(/^[\w-]{43}$/) });

/** How an app treats a published parameter of its workspace. */
export const appParameter = z.strictObject({
  name: z.string().max(100),
  shown: z.boolean().describe("Visitors are asked for it. A hidden one takes its default and cannot be sent."),
  default: parameterValue.nullable().describe("Instead of the workspace's own; null for that."),
});
export type AppParameter = z.infer<typeof appParameter>;

const parameters = z
  .array(appParameter)
  .max(200)
  .describe("By name. One that is left out is shown, with the workspace's own default.");

const frameOrigins = z
  .array(
    z
      .string()
      .max(300)
      .refine(isOrigin, "Write an origin like https://www.example.org, without a path.")
      .transform((text) => new URL(text).origin),
  )
  .max(20)
  .transform((origins) => [...new Set(origins)].sort())
  .describe("Origins of the pages that may show the app in a frame; none unless told.");

const workspaceName = z.string().max(200);

/** POST /apps. */
export const newApp = z.strictObject({
  name: appName,
  slug: appSlug,
  description: description.default(""),
  repository: workspaceName,
  workspace: workspaceName,
  parameters: parameters.default([]),
  frameOrigins: frameOrigins.default([]),
  expiresAt: isoDateTime.optional().describe("When its token expires; ten years from now unless told."),
  permissions: permissionList.default([]).describe("What its token may do besides running the workspace."),
});
export type NewApp = z.output<typeof newApp>;

/** PATCH /apps/{slug}: any subset. The workspace and the address stay. */
export const appChange = z
  .strictObject({
    name: appName,
    description,
    parameters,
    frameOrigins,
    enabled: z.boolean(),
    expiresAt: isoDateTime.describe("Of its token, by its owner only."),
  })
  .partial();
export type AppChange = z.output<typeof appChange>;

/** POST /apps/{slug}/tokens. */
export const newAppToken = z.strictObject({
  expiresAt: isoDateTime.optional().describe("Ten years from now unless told."),
  permissions: permissionList
    .optional()
    .describe("Besides running the workspace. What the token before it had, unless told, as far as you hold it."),
});
export type NewAppToken = z.output<typeof newAppToken>;

const sortable = ["name", "createdAt", "expiresAt", "runs", "lastRunAt"] as const;
export type SortableField = (typeof sortable)[number];

/**
 * A field of the app; `-` in front for descending. Apps without a token come last in `expiresAt`, first in `-expiresAt`; apps that were
 * never run first in `lastRunAt`, last in `-lastRunAt`.
 */
export const appSort = z.enum([...sortable, ...sortable.map((field) => `-${field}` as const)]);
export type AppSort = z.infer<typeof appSort>;

/** GET /apps. */
export const appFilter = pageQuery
  .extend({
    q: searchText.optional().describe("Part of the name, the address, the description or the workspace."),
    sort: appSort.default("-createdAt"),
  })
  .strict();
export type AppFilter = z.output<typeof appFilter>;

/** POST /app-changes. */
export const appChanges = z
  .strictObject({
    change: z
      .enum(["enable", "disable", "expire", "remove"])
      .describe("`expire` gives their tokens another expiration."),
    slugs: z.array(z.string().max(100)).min(1).max(changedAppsMax),
    expiresAt: isoDateTime.optional().describe("With `expire`: the new expiration."),
  })
  .refine(({ change, expiresAt }) => (change === "expire") === (expiresAt !== undefined), {
    path: ["expiresAt"],
    error: "A new expiration goes with the change expire, and with no other.",
  });
export type AppChanges = z.output<typeof appChanges>;

/**
 * Why an app does not run. Whoever manages an app of somebody else's learns `owner` instead of what is about that person
 * and their token.
 */
export const appFaults = [
  "app-disabled",
  "workspace-removed",
  "parameters-changed",
  "token-removed",
  "token-expired",
  "token-disabled",
  "token-not-permitted",
  "owner-not-permitted",
  "owner-disabled",
  "owner",
] as const;
export type AppFault = (typeof appFaults)[number];

/**
 * What the reader can do about it: `enable-app`, `new-date` and `edit-parameters` are PATCH /apps/{slug} with `enabled`,
 * `expiresAt` and `parameters`; `new-token` is POST /apps/{slug}/tokens; `enable-token` is PATCH /tokens/{tokenId} with `enabled`.
 */
export const appCures = ["enable-app", "enable-token", "new-date", "new-token", "edit-parameters"] as const;
export type AppCure = (typeof appCures)[number];

const time = z.iso.datetime();

/** What those who manage an app see of it. */
export const appView = z
  .object({
    slug: z.string(),
    name: z.string(),
    description: z.string(),
    owner: z.string().describe("User name."),
    repository: z.string(),
    workspace: z.string(),
    parameters: z.array(appParameter),
    frameOrigins: z.array(z.string()),
    enabled: z.boolean(),
    createdAt: time,
    expiresAt: time.nullable().describe("When its token expires; null when that was removed."),
    tokenId: z.string().nullable().describe("To its owner only; null when it was removed."),
    runs: z.int().describe("How often visitors ran it."),
    lastRunAt: time.nullable(),
    available: z.boolean().describe("Does it run? If and only if nothing is at fault."),
    faults: z.array(z.object({ fault: z.enum(appFaults), cures: z.array(z.enum(appCures)) })),
    can: z.object({
      edit: z.boolean(),
      enable: z.boolean(),
      disable: z.boolean(),
      expire: z.boolean().describe("Give its token another expiration."),
      issueToken: z.boolean(),
      duplicate: z.boolean(),
      remove: z.boolean(),
    }),
  })
  .meta({ id: "App" });
export type AppView = z.infer<typeof appView>;

/** The answer that issues the app's token: the only one with its value. The retry of an answered request has none. */
export const appWithToken = appView.extend({
  value: z.string().optional().describe("The token itself, in this answer only."),
});
export type AppWithToken = z.infer<typeof appWithToken>;

/** What became of each app that a change named, in the order named. */
export const appOutcomes = z.object({
  outcomes: z.array(
    z.object({
      slug: z.string(),
      outcome: z.enum(["changed", "unchanged", "refused", "not-found"]),
      detail: z.string().nullable().describe("Why it was refused."),
      app: appView.nullable().describe("As it is now; null when it is gone."),
    }),
  ),
});
export type AppOutcomes = z.infer<typeof appOutcomes>;
export type AppOutcome = AppOutcomes["outcomes"][number];

/** What the wizard begins with when an app is duplicated: only what the actor can give and nobody else has. */
export interface AppDraft {
  name: string;
  description: string;
  repository: string;
  workspace: string;
  parameters: AppParameter[];
  frameOrigins: string[];
  permissions: string[];
}

/** What a visitor sees of an app that runs: the shown parameters, with the app's defaults. */
export const publicApp = z.object({
  slug: z.string(),
  name: z.string(),
  description: z.string(),
  output: z.enum(outputFormats),
  parameters: z.array(publishedParameter),
});
export type PublicApp = z.infer<typeof publicApp>;

/** A visitor's run, to whoever has its key. */
export const appRunView = z
  .object({
    status: z.enum(jobStatuses),
    message: z.string().nullable().describe("What to do when it failed or was stopped."),
    output: z.enum(outputFormats),
    result: z
      .object({ rows: z.int(), bytes: z.int(), mediaType: z.string(), fileName: z.string() })
      .nullable()
      .describe("Once it has succeeded; at `/api/v1/apps/{slug}/runs/{key}/result`."),
    submittedAt: time,
    startedAt: time.nullable(),
    finishedAt: time.nullable(),
  })
  .meta({ id: "AppRun" });
export type AppRunView = z.infer<typeof appRunView>;

/** The answer that begins a run: the only one with its key, without which nobody reads the result. */
export const begunAppRun = appRunView.extend({ key: z.string().describe("In this answer only.") });

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, pathname, search, hash, username } = new URL(text);
  return (
    /^https?:$/.test(protocol) && pathname === "/" && `${search}${hash}${username}` === "" && !/[;,'"\s*]/.test(text)
  );
}
