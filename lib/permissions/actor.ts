import { forbidden, Refusal } from "../errors";
import type { Permission } from "./catalog";
import { everything, may, type PermissionSet } from "./effective";

/** The authenticated caller of a request. Only `token.kind` tells which credential it presented. */
export interface Actor {
  userId: string;
  userName: string;
  /** The password was generated. Before anything else in a session, the user must replace it. */
  mustChangePassword: boolean;
  /** The time of the request, by which all rules decide. */
  now: Date;
  token: { id: string; kind: "api" | "session"; name: string };
  owner: PermissionSet;
  /** The token's own permissions: `*` for All Permissions and for sessions. */
  given: PermissionSet;
  ip: string | null;
  agent: string | null;
  /** When the token expires, and the last change of the change log (design 7) that all this includes, on which server.
   * Only an actor that was verified has it. */
  asOf?: { expiresAt: Date; server: number; number: number };
}

/** Refuses `forbidden`, which names the permission, unless the actor has it now. */
export function demand(who: Actor, permission: Permission): void {
  if (!may(who, permission)) throw forbidden(permission);
}

/** Refuses `forbidden` in a session that began with a one-time password. API tokens are not affected. */
export function demandOwnPassword({ mustChangePassword, token }: Actor): void {
  if (!mustChangePassword || token.kind !== "session") return;
  const detail = "You signed in with a temporary password. Choose your own password first.";
  throw new Refusal("forbidden", detail, { extra: { mustChangePassword } });
}

/** The actor as the owner of an item that they have just created, which was not there when their permissions were read. */
export const withOwnership = (who: Actor, item: string): Actor => ({
  ...who,
  owner: new Set([...who.owner, `${item}:*`]),
});

/** The actor after an item got another name, by which its permissions go from then on. */
export function withRenamed(who: Actor, from: string, to: string): Actor {
  const renamed = (set: PermissionSet): PermissionSet =>
    new Set([...set].map((each) => (each.startsWith(`${from}:`) ? `${to}${each.slice(from.length)}` : each)));
  return { ...who, owner: renamed(who.owner), given: renamed(who.given) };
}

/** Sessions always have All Permissions. */
export const hasAllPermissions = (who: Actor) => who.given.has(everything);

/** The items on which both the owner and the token have some action, for the `where` of a list: `Samples` (repository),
 * `Samples/nearby-earthquakes` (workspace), `earthquakes` (app). */
export function reachableItems(who: Actor): "all" | { repositories: string[]; workspaces: string[]; apps: string[] } {
  if (who.owner.has(everything) && who.given.has(everything)) return "all";
  const sets = [itemActions(who.owner), itemActions(who.given)] as const;
  const items = new Set(
    [...sets[0].keys(), ...sets[1].keys()].filter((item) => sets.every((set) => hasItem(set, item))),
  );
  const under = (prefix: string) =>
    [...items].filter((item) => item.startsWith(prefix)).map((item) => item.slice(prefix.length));
  return { repositories: under("repository/"), workspaces: under("workspace/"), apps: under("app/") };
}

type ItemActions = Map<string, Set<string>>;

function itemActions(set: PermissionSet): ItemActions {
  const byItem: ItemActions = new Map();
  if (set.has(everything)) byItem.set(everything, new Set([everything]));
  for (const permission of set) {
    const colon = permission.lastIndexOf(":");
    const item = permission.slice(0, colon);
    if (!item.includes("/")) continue;
    byItem.set(item, (byItem.get(item) ?? new Set()).add(permission.slice(colon + 1)));
  }
  return byItem;
}

function hasItem(set: ItemActions, item: string): boolean {
  if (set.has(everything) || set.has(item)) return true;
  const [kind, repository] = item.split("/");
  return kind === "workspace" && set.has(`repository/${repository}`);
}
