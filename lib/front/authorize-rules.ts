import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { ConfigurationError, env } from "../env";
import { invalid, Refusal } from "../errors";
import { type Permission, parsePermission } from "../permissions/catalog";

const permission = z.string().refine((text) => parsePermission(text) !== null, "is not a permission");

const rules = z.array(
  z.strictObject({
    methods: z.array(z.string().regex(/^[A-Z]+$/, "must be a method in capitals")).optional(),
    path: z.string().regex(/^\//, "must begin with a slash"),
    permission,
  }),
);

interface Rule {
  methods: ReadonlySet<string> | null;
  path: RegExp;
  permission: Permission;
}

/** The headers by which a proxy tells of the request that it asks for: nginx has the first two, others the last. */
export const forwardedNames = ["x-original-uri", "x-original-method", "x-forwarded-uri", "x-forwarded-method"] as const;
export const forwardedLengthMax = 8_000;

/** What a proxy says about the request that it asks for. */
export type Forwarded = Partial<Record<(typeof forwardedNames)[number], string>>;

/**
 * The permission that a request for authorization is about: the one it names, or else the one that the rules file gives for
 * the forwarded method and path. The first rule that fits counts.
 *
 * @throws Refusal `invalid` on `permission`; `forbidden` for a path that no rule is about.
 */
export function demandedPermission(named: string | undefined, forwarded: Forwarded): Permission {
  if (named !== undefined) return parseNamedPermission(named);
  const { uri, method } = requestToJudge(forwarded);
  if (env().authorizeRules === null || uri === undefined) {
    throw invalid("permission", "Name a permission, or set up rules and forward the URI of the request.");
  }
  const path = plainPath(uri);
  const rule = path === null ? undefined : rulesInForce().find((each) => ruleMatches(each, method, path));
  if (!rule) throw new Refusal("forbidden", "No rule permits this method and path.");
  return rule.permission;
}

/** Those who ask, ask for few, and to read one takes longer than to look it up. Bounded: anybody may name another. */
const knownPermissions = new Set<string>();
const knownPermissionsMax = 1_000;

function parseNamedPermission(text: string): Permission {
  if (knownPermissions.has(text)) return text as Permission;
  if (!parsePermission(text)) throw invalid("permission", `There is no permission ${text}.`);
  if (knownPermissions.size < knownPermissionsMax) knownPermissions.add(text);
  return text as Permission;
}

/**
 * The request as one family of headers tells it. A proxy writes over its own family only and passes the other on, so a
 * request with both has one that its sender wrote.
 *
 * @throws Refusal `forbidden` when both families are there.
 */
function requestToJudge(forwarded: Forwarded): { uri?: string; method?: string } {
  const original = { uri: forwarded["x-original-uri"], method: forwarded["x-original-method"] };
  const others = { uri: forwarded["x-forwarded-uri"], method: forwarded["x-forwarded-method"] };
  const isTold = ({ uri, method }: typeof original) => uri !== undefined || method !== undefined;
  if (isTold(original) && isTold(others)) {
    throw new Refusal(
      "forbidden",
      "The request is forwarded as X-Original-… and as X-Forwarded-…; only one may be there.",
    );
  }
  return isTold(original) ? original : others;
}

/** Refuses a path that the program behind the proxy might read in another way than we do. */
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

/** A request that does not tell its method may have any. */
const ruleMatches = ({ methods, path }: Rule, method: string | undefined, wanted: string) =>
  (methods === null || (method !== undefined && methods.has(method.toUpperCase()))) && path.test(wanted);

let cached: Rule[] | undefined;

/**
 * The rules of the file that TESSERA_AUTHORIZE_RULES names, read once: a server asks for them before it starts.
 *
 * @throws ConfigurationError when they cannot be read or are not well formed.
 */
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

/**
 * Rules from YAML: a list of `{ methods?, path, permission }`. In a path `*` stands for one segment or a part of one, `**`
 * for anything.
 */
export function parseRules(text: string): Rule[] {
  const result = rules.safeParse(parse(text));
  if (!result.success) {
    const [issue] = result.error.issues;
    const place = `${issue?.path.map(String).join(".") || "the file"}`;
    throw new ConfigurationError(`TESSERA_AUTHORIZE_RULES: ${place} ${issue?.message}.`);
  }
  return result.data.map(({ methods, path, permission }) => ({
    methods: methods ? new Set(methods) : null,
    path: patternOf(path),
    permission: permission as Permission,
  }));
}

function patternOf(path: string): RegExp {
  const parts = path.split(/(\*\*|\*)/).map((part) => {
    if (part === "**") return ".*";
    if (part === "*") return "[^/]+";
    return part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  });
  return new RegExp(`^${parts.join("")}$`, "su");
}
