import { z } from "zod";
import {
  description,
  expiresInSeconds,
  hasExpiration,
  isOneExpiration,
  isoDateTime,
  lookedUpName,
  printableName,
  searchText,
  twoExpirations,
} from "../fields";
import { jobStatuses } from "../jobs/schema";
import { pageQuery } from "../paging";
import { permissionList } from "../permissions/schema";
import { outputFormats, parameterValue, publishedParameter } from "../workspaces/schema";

/** The server's own limit may be shorter (design 3.5). */
export const appDaysDefault = 3650;

export const changedAppsMax = 1000;

export const appName = printableName("app").describe(
  "1 to 100 printable characters except / and \\. The app's token gets the same name.",
);

/** It is the last part of `/a/<slug>`, and cannot be changed. */
export const appSlug = z
  .string()
  .max(1000, "Use at most 60 characters.")
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$/,
    "Use 1 to 60 lowercase letters, digits and dashes. Start and end with a letter or digit.",
  )
  .refine((slug) => slug !== "new", "This URL name is reserved. Choose another.")
  .describe("The last part of the app's URL. Unique on this server.");

/** The slug is only looked up, so its limits are wider than those of {@link appSlug}. */
export const appPath = z.object({
  slug: z
    .string()
    .max(200)
    .meta({ examples: ["earthquakes"] }),
});
export const appRunPath = appPath.extend({ key: z.string().regex(/^[\w-]{43}$/) });

export const appParameter = z.strictObject({
  name: z.string().max(100),
  shown: z.boolean().describe("Whether visitors can set it. A hidden parameter always uses its default."),
  default: parameterValue.nullable().describe("The app's default value. Null uses the workspace's default."),
});
export type AppParameter = z.infer<typeof appParameter>;

const parameters = z
  .array(appParameter)
  .max(200)
  .describe("Parameters left out are shown, with the workspace's default.");

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
  .describe("Origins of the sites that can embed the app. None by default.");

const createdApp = z.strictObject({
  name: appName,
  slug: appSlug,
  description: description.default(""),
  repository: lookedUpName,
  workspace: lookedUpName,
  parameters: parameters.default([]),
  frameOrigins: frameOrigins.default([]),
  expiresAt: isoDateTime
    .optional()
    .describe("When its token expires. By default ten years from now, or when the API token expires that creates it."),
  expiresInSeconds: expiresInSeconds.optional(),
  permissions: permissionList.default([]).describe("Permissions of its token besides running the workspace."),
});
export const newApp = createdApp.refine(isOneExpiration, twoExpirations);
export type NewApp = z.output<typeof newApp>;

export const appChange = z
  .strictObject({
    name: appName,
    description,
    parameters,
    frameOrigins,
    enabled: z.boolean(),
    expiresAt: isoDateTime.describe("When its token expires. Only the owner can change it."),
    expiresInSeconds,
  })
  .partial()
  .refine(isOneExpiration, twoExpirations);
export type AppChange = z.output<typeof appChange>;

export const newAppToken = z
  .strictObject({
    expiresAt: isoDateTime
      .optional()
      .describe("By default ten years from now, or when the API token expires that issues it."),
    expiresInSeconds: expiresInSeconds.optional(),
    permissions: permissionList
      .optional()
      .describe(
        "Permissions besides running the workspace. By default those of the previous token, as far as you have them.",
      ),
  })
  .refine(isOneExpiration, twoExpirations);
export type NewAppToken = z.output<typeof newAppToken>;

const sortable = ["name", "createdAt", "expiresAt", "runs", "lastRunAt"] as const;
export type SortableField = (typeof sortable)[number];

/** `-` in front means descending order. Apps without a token are last in `expiresAt` and first in `-expiresAt`; apps
 * that were never run are first in `lastRunAt` and last in `-lastRunAt`. */
export const appSort = z.enum([...sortable, ...sortable.map((field) => `-${field}` as const)]);
export type AppSort = z.infer<typeof appSort>;

export const appFilter = pageQuery
  .extend({
    q: searchText.optional().describe("Part of the name, URL name, description or workspace."),
    sort: appSort.default("-createdAt"),
  })
  .strict();
export type AppFilter = z.output<typeof appFilter>;

export const appChanges = z
  .strictObject({
    change: z
      .enum(["enable", "disable", "expire", "remove"])
      .describe("`expire` changes the expiration of their tokens."),
    slugs: z.array(z.string().max(100)).min(1).max(changedAppsMax),
    expiresAt: isoDateTime.optional().describe("With `expire`: the new expiration."),
    expiresInSeconds: expiresInSeconds.optional(),
  })
  .refine((input) => (input.change === "expire") === hasExpiration(input), {
    path: ["expiresAt"],
    error: "Set an expiration for the change expire, and only for it.",
  })
  .refine(isOneExpiration, twoExpirations);
export type AppChanges = z.output<typeof appChanges>;

/** Why an app does not run. For an app of another user, `owner` stands for the faults of that user and their token. */
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

/** How the reader can remove a fault. `enable-app`, `new-date` and `edit-parameters` are PATCH /apps/{slug} with
 * `enabled`, `expiresAt` and `parameters`; `new-token` is POST /apps/{slug}/tokens; `enable-token` is PATCH
 * /tokens/{tokenId} with `enabled`. */
export const appCures = ["enable-app", "enable-token", "new-date", "new-token", "edit-parameters"] as const;
export type AppCure = (typeof appCures)[number];

const time = z.iso.datetime();

export const appView = z
  .object({
    slug: z.string(),
    name: z.string(),
    description: z.string(),
    owner: z.string().describe("Username."),
    repository: z.string(),
    workspace: z.string(),
    parameters: z.array(appParameter),
    frameOrigins: z.array(z.string()),
    enabled: z.boolean(),
    createdAt: time,
    expiresAt: time.nullable().describe("When its token expires. Null if the token was removed."),
    tokenId: z.string().nullable().describe("Only shown to the owner. Null if the token was removed."),
    runs: z.int().describe("Number of runs by visitors."),
    lastRunAt: time.nullable(),
    available: z.boolean().describe("Whether visitors can use it. True if there are no faults."),
    faults: z.array(z.object({ fault: z.enum(appFaults), cures: z.array(z.enum(appCures)) })),
    can: z.object({
      edit: z.boolean(),
      enable: z.boolean(),
      disable: z.boolean(),
      expire: z.boolean().describe("Whether you can change the expiration of its token."),
      issueToken: z.boolean(),
      duplicate: z.boolean(),
      remove: z.boolean(),
    }),
  })
  .meta({ id: "App" });
export type AppView = z.infer<typeof appView>;

/** A repeated idempotent request gets no value. */
export const appWithToken = appView.extend({
  value: z.string().optional().describe("The token's value. Only in this response."),
});
export type AppWithToken = z.infer<typeof appWithToken>;

export const appOutcomes = z.object({
  outcomes: z.array(
    z.object({
      slug: z.string(),
      outcome: z.enum(["changed", "unchanged", "refused", "not-found"]),
      detail: z.string().nullable().describe("Why it was refused."),
      app: appView.nullable().describe("The app after the change. Null if it no longer exists."),
    }),
  ),
});
export type AppOutcomes = z.infer<typeof appOutcomes>;
export type AppOutcome = AppOutcomes["outcomes"][number];

export interface AppDraft {
  name: string;
  description: string;
  repository: string;
  workspace: string;
  parameters: AppParameter[];
  frameOrigins: string[];
  permissions: string[];
}

export const publicApp = z.object({
  slug: z.string(),
  name: z.string(),
  description: z.string(),
  output: z.enum(outputFormats),
  parameters: z.array(publishedParameter),
});
export type PublicApp = z.infer<typeof publicApp>;

export const appRunView = z
  .object({
    status: z.enum(jobStatuses),
    message: z.string().nullable().describe("What to do if the run failed or was cancelled."),
    output: z.enum(outputFormats),
    result: z
      .object({ rows: z.int(), bytes: z.int(), mediaType: z.string(), fileName: z.string() })
      .nullable()
      .describe("Set when the run has succeeded. Get it at `/api/v1/apps/{slug}/runs/{key}/result`."),
    submittedAt: time,
    startedAt: time.nullable(),
    finishedAt: time.nullable(),
  })
  .meta({ id: "AppRun" });
export type AppRunView = z.infer<typeof appRunView>;

/** Only this answer has the key that is needed to read the result. */
export const begunAppRun = appRunView.extend({
  key: z.string().describe("The key of the run. Only in this response."),
});

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, pathname, search, hash, username } = new URL(text);
  return (
    /^https?:$/.test(protocol) && pathname === "/" && `${search}${hash}${username}` === "" && !/[;,'"\s*]/.test(text)
  );
}
