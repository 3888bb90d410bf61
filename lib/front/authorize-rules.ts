import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { ConfigurationError, env } from "../env";
import { invalid, Refusal } from "../errors";
import { type Permission, parsePermission } from "../permissions/catalog";
import { normalizeText } from "../text";
import { type PathPattern, pathPattern } from "./path-pattern";

const permission = z
  .string()
  .overwrite(normalizeText)
  .refine((text) => parsePermission(text) !== null, "is not a permission");

const rules = z.array(
  z.strictObject({
    methods: z.array(z.string().regex(/^[A-Z]+$/, "must be an HTTP method in uppercase")).optional(),
    path: z.string().regex(/^\//, "must start with a slash"),
    permission,
  }),
);

interface Rule {
  methods: ReadonlySet<string> | null;
  path: PathPattern;
  permission: Permission;
}

/** A proxy describes the original request with these headers: nginx sends the first two, others the last two. */
export const forwardedNames = ["x-original-uri", "x-original-method", "x-forwarded-uri", "x-forwarded-method"] as const;
export const forwardedLengthMax = 8_000;

export type Forwarded = Partial<Record<(typeof forwardedNames)[number], string>>;

/** Returns the permission that an authorization request names, or else the one of the first rule that matches the
 * forwarded method and path. Refuses `invalid` on `permission`, and `forbidden` for a path without a rule. */
export function demandedPermission(named: string | undefined, forwarded: Forwarded): Permission {
  if (named !== undefined) {
    refuseTwoQuestions(forwarded);
    return parseNamedPermission(named);
  }
  const { uri, method } = requestToJudge(forwarded);
  if (env().authorizeRules === null || uri === undefined) {
    throw invalid("permission", "Pass a permission, or set up rules and forward the URI of the request.");
  }
  const path = plainPath(uri);
  const rule = path === null ? undefined : rulesInForce().find((each) => ruleMatches(each, method, path));
  if (!rule) throw new Refusal("forbidden", "No rule allows this method and path.");
  return rule.permission;
}

/** While rules are in force, a proxy that forwards the request lets them decide, so a named permission came from its client
 * (decision 1811). Refuses `invalid` on `permission`. */
function refuseTwoQuestions(forwarded: Forwarded): void {
  if (env().authorizeRules === null || Object.keys(forwarded).length === 0) return;
  const detail =
    "The request names a permission and also forwards a method or URI, about which the rules of this server decide. " +
    "Ask one of the two: the proxy must not pass on the query of its client.";
  throw invalid("permission", detail);
}

/** Parsing takes longer than this look-up. The size is limited, because clients choose the names. */
const knownPermissions = new Set<string>();
const knownPermissionsMax = 1_000;

function parseNamedPermission(named: string): Permission {
  if (knownPermissions.has(named)) return named as Permission;
  const text = normalizeText(named);
  if (knownPermissions.has(text)) return text as Permission;
  if (!parsePermission(text)) throw invalid("permission", `There is no permission ${text}.`);
  if (knownPermissions.size < knownPermissionsMax) knownPermissions.add(text);
  return text as Permission;
}

/** A proxy replaces its own pair of headers only, so when both pairs are present, the client wrote one of them. That is
 * refused as `forbidden`. */
function requestToJudge(forwarded: Forwarded): { uri?: string; method?: string } {
  const original = { uri: forwarded["x-original-uri"], method: forwarded["x-original-method"] };
  const others = { uri: forwarded["x-forwarded-uri"], method: forwarded["x-forwarded-method"] };
  const isTold = ({ uri, method }: typeof original) => uri !== undefined || method !== undefined;
  if (isTold(original) && isTold(others)) {
    throw new Refusal("forbidden", "Send either X-Original-… or X-Forwarded-… headers, not both.");
  }
  return isTold(original) ? original : others;
}

/** Returns the decoded path, or null for one that the server behind the proxy might read differently. */
function plainPath(uri: string): string | null {
  const path = uri.split("?", 1)[0] ?? "";
  if (!/^\/(?!\/)/.test(path) || /\/\/|\\|;|#|%23|%3b|%2f|%5c|%00|(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)/i.test(path))
    return null;
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}

/** A rule with methods does not match a request without a method. */
const ruleMatches = ({ methods, path }: Rule, method: string | undefined, wanted: string) =>
  (methods === null || (method !== undefined && methods.has(method.toUpperCase()))) && path.test(wanted);

let cached: Rule[] | undefined;

/** The rules in the file TESSERA_AUTHORIZE_RULES, which is read once, before the server starts. Throws a
 * ConfigurationError when the file cannot be read or is invalid. */
export function rulesInForce(): Rule[] {
  const { authorizeRules } = env();
  if (authorizeRules !== null) cached ??= parseRules(contentOf(authorizeRules));
  return cached ?? [];
}

function contentOf(file: string): string {
  try {
    return readFileSync(/* turbopackIgnore: true */ file, "utf8");
  } catch (error) {
    throw new ConfigurationError(`TESSERA_AUTHORIZE_RULES: ${(error as Error).message}.`);
  }
}

/** Parses a YAML list of `{ methods?, path, permission }`. `*` matches one segment or a part of one, `**` anything. */
export function parseRules(text: string): Rule[] {
  const result = rules.safeParse(parse(text));
  if (!result.success) {
    const [issue] = result.error.issues;
    const place = `${issue?.path.map(String).join(".") || "the file"}`;
    throw new ConfigurationError(`TESSERA_AUTHORIZE_RULES: ${place} ${issue?.message}.`);
  }
  return result.data.map(({ methods, path, permission }) => ({
    methods: methods ? new Set(methods) : null,
    path: pathPattern(path),
    permission: permission as Permission,
  }));
}
