import { z } from "zod";
import {
  description,
  expiresInSeconds,
  hasExpiration,
  isOneExpiration,
  isoDateTime,
  printableName,
  searchText,
  twoExpirations,
} from "../fields";
import { pageQuery } from "../paging";
import { permissionList } from "../permissions/schema";

export const expirationPresets = [
  { title: "7 days", days: 7 },
  { title: "30 days", days: 30 },
  { title: "90 days", days: 90 },
  { title: "1 year", days: 365 },
] as const;
export const expirationDaysDefault = 30;

export const changedTokensMax = 1000;

export const tokenKind = z.enum(["api", "session"]);
export type TokenKind = z.infer<typeof tokenKind>;

export const tokenName = printableName("token").describe(
  "Unique among your API tokens. 1 to 100 printable characters except / and \\.",
);

const settings = {
  name: tokenName,
  description,
  expiresAt: isoDateTime,
  expiresInSeconds,
  enabled: z.boolean(),
  allPermissions: z.boolean().describe("Same access as the owner's account, instead of a list of permissions."),
  permissions: permissionList.describe(
    "The token's permissions. You can only grant permissions that you have yourself.",
  ),
  inUrl: z.boolean().describe("Allow the token as a URL parameter, for links and webhooks."),
};

const hasOneKindOfPermissions = (input: { allPermissions?: boolean; permissions?: string[] }) =>
  !(input.allPermissions && input.permissions?.length);

export const newToken = z
  .strictObject({
    ...settings,
    description: description.default(""),
    expiresAt: isoDateTime.optional().describe("Required, unless `expiresInSeconds` is set."),
    expiresInSeconds: expiresInSeconds.optional(),
    enabled: settings.enabled.default(true),
    allPermissions: settings.allPermissions.default(false),
    permissions: permissionList.optional(),
    inUrl: settings.inUrl.default(false),
  })
  .refine(hasOneKindOfPermissions, {
    path: ["permissions"],
    error: "List permissions or set allPermissions, not both.",
  })
  .refine((input) => input.allPermissions || input.permissions, {
    path: ["permissions"],
    error: "List permissions or set allPermissions.",
  })
  .refine(hasExpiration, { path: ["expiresAt"], error: "Set either `expiresAt` or `expiresInSeconds`." })
  .refine(isOneExpiration, twoExpirations);
export type NewToken = z.output<typeof newToken>;
/** With its expiration as a time. */
export type TimedToken = Omit<NewToken, "expiresAt" | "expiresInSeconds"> & { expiresAt: Date };

export const tokenPatch = z
  .strictObject(settings)
  .partial()
  .refine(hasOneKindOfPermissions, {
    path: ["permissions"],
    error: "List permissions or set allPermissions, not both.",
  })
  .refine(isOneExpiration, twoExpirations);
export type TokenPatch = z.output<typeof tokenPatch>;
export type TimedPatch = Omit<TokenPatch, "expiresInSeconds">;

const sortable = ["name", "createdAt", "expiresAt", "lastUsed"] as const;
export type SortableField = (typeof sortable)[number];

/** `-` in front means descending order. Tokens that were never used come last in `-lastUsed`. */
export const tokenSort = z.enum([...sortable, ...sortable.map((field) => `-${field}` as const)]);
export type TokenSort = z.infer<typeof tokenSort>;

/** `active` is the table of tokens that have not expired, with the parts `enabled` and `disabled` (design 2). */
export const tokenStateFilter = z.enum(["active", "enabled", "disabled", "expired"]);

const match = {
  kind: tokenKind.optional(),
  state: tokenStateFilter
    .optional()
    .describe(
      "`active` lists all tokens that have not expired. `enabled` and `disabled` list only those of them that are enabled or disabled.",
    ),
  q: searchText.optional().describe("Part of the name, description or hint."),
};
export type TokenMatch = z.output<z.ZodObject<typeof match>>;

export const countedTokensMax = 10_000;

export interface TokenCount {
  count: number;
  isMore: boolean;
}

export const tokenFilter = pageQuery.extend({ ...match, sort: tokenSort.default("-createdAt") }).strict();
export type TokenFilter = z.output<typeof tokenFilter>;

export const tokenChanges = z
  .strictObject({
    change: z.enum(["enable", "disable", "remove"]),
    ids: z
      .union([z.array(z.string().max(100)).min(1).max(changedTokensMax), z.literal("all-but-current")])
      .optional()
      .describe("Token ids, or `all-but-current` for all of your active sessions except the current one."),
    matching: z
      .strictObject({ ...match, kind: tokenKind })
      .optional()
      .describe(
        "Instead of `ids`: all tokens that match this filter, one batch per request. The token you are using is not changed.",
      ),
    before: isoDateTime
      .optional()
      .describe("With `matching`: only tokens created before this time, by their state at this time. Default: now."),
    cursor: z.string().max(1000).optional().describe("With `matching`: the `nextCursor` of the previous batch."),
    limit: z
      .int()
      .min(1)
      .max(changedTokensMax)
      .optional()
      .describe("With `matching`: maximum number of tokens. Default: 500."),
    expiresAt: isoDateTime.optional().describe("With `enable`: the new expiration of expired tokens."),
    expiresInSeconds: expiresInSeconds.optional(),
  })
  .refine(({ ids, matching }) => (ids === undefined) !== (matching === undefined), {
    path: ["ids"],
    error: "Set either `ids` or `matching`.",
  })
  .refine(({ matching, before, cursor, limit }) => matching || (before ?? cursor ?? limit) === undefined, {
    path: ["matching"],
    error: "`before`, `cursor` and `limit` are only allowed with `matching`.",
  })
  .refine((input) => input.change === "enable" || !hasExpiration(input), {
    path: ["expiresAt"],
    error: "An expiration is only allowed with the change enable.",
  })
  .refine(isOneExpiration, twoExpirations);
export type TokenChanges = z.output<typeof tokenChanges>;
export type TimedChanges = Omit<TokenChanges, "expiresInSeconds">;

const time = z.iso.datetime();

/** A token as its owner sees it, without the value and its digest (design 5). */
export const tokenView = z
  .object({
    id: z.string(),
    kind: tokenKind,
    name: z.string(),
    description: z.string(),
    hint: z.string().describe("Prefix and last four characters of the token."),
    enabled: z.boolean(),
    state: z.enum(["active", "disabled", "expired"]),
    createdAt: time,
    expiresAt: time,
    lastUsed: z.object({ at: time, address: z.string().nullable(), agent: z.string().nullable() }).nullable(),
    allPermissions: z.boolean(),
    permissions: z
      .array(z.string())
      .describe("The permissions granted to it. They only apply as long as the owner has them."),
    inUrl: z.boolean(),
    app: z
      .object({ slug: z.string() })
      .nullable()
      .describe("The app that uses it. The app stops working when the token is disabled, removed or expired."),
    current: z.boolean().describe("Whether this is the token you are using."),
    can: z.object({
      edit: z.boolean(),
      enable: z.boolean(),
      disable: z.boolean(),
      duplicate: z.boolean(),
      remove: z.boolean(),
    }),
  })
  .meta({ id: "Token" });
export type TokenView = z.infer<typeof tokenView>;

/** A retry of an answered request gets no value. */
export const createdToken = tokenView.extend({
  value: z.string().optional().describe("The token's value. Only in this response."),
});
export type CreatedToken = z.infer<typeof createdToken>;

export const presentedTokenView = tokenView.extend({
  owner: z.object({ userName: z.string() }),
  effectivePermissions: z
    .array(z.string())
    .describe("`*` is everything; `repository/Samples:*` everything on that item."),
});
export type PresentedTokenView = z.infer<typeof presentedTokenView>;

export const tokenOutcomes = z.object({
  outcomes: z.array(
    z.object({
      id: z.string(),
      outcome: z.enum(["changed", "unchanged", "refused", "not-found"]),
      detail: z.string().nullable().describe("Why it was refused."),
      token: tokenView
        .nullable()
        .describe("The token after the change. Null if it no longer exists, or with `matching`."),
    }),
  ),
  nextCursor: z
    .string()
    .nullable()
    .describe("With `matching`: the cursor of the next batch. Null when all tokens are done."),
});
export type TokenOutcomes = z.infer<typeof tokenOutcomes>;
export type TokenOutcome = TokenOutcomes["outcomes"][number];

export const grantableItems = z.object({
  allPermissions: z.boolean(),
  general: z.array(z.string()).describe("`repositories:create`, …"),
  repositories: z.array(
    z.object({
      name: z.string(),
      description: z.string(),
      permissions: z
        .array(z.string())
        .describe("`repository/Samples:run`, …. Empty if you only have permissions on its workspaces."),
      workspaces: z.array(z.object({ name: z.string(), title: z.string(), permissions: z.array(z.string()) })),
    }),
  ),
  apps: z.array(z.object({ slug: z.string(), name: z.string(), permissions: z.array(z.string()) })),
});
export type GrantableItems = z.infer<typeof grantableItems>;
