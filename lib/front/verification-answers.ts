import { z } from "zod";
import { type Actor, demand } from "../permissions/actor";
import { effectivePermissions, type PermissionSet } from "../permissions/effective";
import { demandedPermission, type Forwarded } from "./authorize-rules";
import type { HeaderList } from "./header-list";

const headerBytesMax = 4_000;

/** The headers of an authorization, names and values in turn and sorted: user name, token id, and permissions separated by
 * spaces, percent-encoded where needed. Refuses like {@link demandedPermission}, and `forbidden`. */
export function authorizedHeaders(
  who: Actor,
  { permission }: { permission?: string },
  forwarded: Forwarded,
): HeaderList {
  demand(who, demandedPermission(permission, forwarded));
  const { text } = effectiveOf(who);
  const rest = ["x-tessera-token-id", who.token.id, "x-tessera-user", encodeURI(who.userName)];
  // Proxies refuse longer headers; GET /api/v1/token has the whole list.
  return text.length > headerBytesMax ? rest : ["x-tessera-permissions", text, ...rest];
}

export const introspection = z
  .object({
    active: z.boolean(),
    scope: z.string().optional().describe("Its current permissions, percent-encoded and separated by spaces."),
    username: z.string().optional(),
    sub: z.string().optional().describe("The id of its owner."),
    jti: z.string().optional().describe("The id of the token."),
    token_type: z.string().optional(),
    exp: z.int().optional().describe("When it expires, in seconds since 1970."),
  })
  .meta({ id: "Introspection" });

/** What introspection says of a presented token; null stands for one that is not valid. */
export function introspectionOf(found: { who: Actor; expiresAt: Date } | null): z.output<typeof introspection> {
  // A session is no Bearer token, so a server that was shown its value as one must not accept it.
  if (!found || found.who.token.kind === "session") return { active: false };
  const { who, expiresAt } = found;
  return {
    active: true,
    scope: effectiveOf(who).text,
    username: who.userName,
    sub: who.userId,
    jti: who.token.id,
    token_type: "Bearer",
    exp: Math.floor(expiresAt.getTime() / 1000),
  };
}

interface Effective {
  list: string[];
  /** Percent-encoded and separated by spaces. */
  text: string;
}

const known = new WeakMap<PermissionSet, WeakMap<PermissionSet, Effective>>();

/** The effective permissions, computed once for each pair of sets, which verification shares between requests and never changes. */
export function effectiveOf({ owner, given }: Actor): Effective {
  const ofOwner = known.get(owner) ?? new WeakMap<PermissionSet, Effective>();
  const found = ofOwner.get(given);
  if (found !== undefined) return found;
  const list = effectivePermissions({ owner, given });
  const effective = { list, text: list.map(encodeURI).join(" ") };
  known.set(owner, ofOwner.set(given, effective));
  return effective;
}
