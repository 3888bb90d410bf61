import { forbidden, Refusal } from "../errors";
import type { Permission } from "./catalog";
import { everything, may, type PermissionSet } from "./effective";

/**
 * Whoever asks, once the door has let them in. Any credential becomes one of these; past the door nobody knows which
 * it was, unless a rule asks for `token.kind`.
 */
export interface Actor {
  userId: string;
  userName: string;
  /** Their password was made for them, to be replaced by one of their own before anything else is done in a session. */
  mustChangePassword: boolean;
  /** The moment of the request. Rules take their time from here. */
  now: Date;
  token: { id: string; kind: "api" | "session"; name: string };
  /** What the person holds. */
  owner: PermissionSet;
  /** What the token was given: `*` for All Permissions and for sessions. */
  given: PermissionSet;
  address: string | null;
  agent: string | null;
}

/** Refuses unless the actor may do it now. @throws Refusal `forbidden` that names the permission. */
export function demand(who: Actor, permission: Permission): void {
  if (!may(who, permission)) throw forbidden(permission);
}

/**
 * A one-time password is good for choosing another, and for nothing else. Tokens are not of its making and go on.
 *
 * @throws Refusal `forbidden`.
 */
export function demandOwnPassword({ mustChangePassword, token }: Actor): void {
  if (!mustChangePassword || token.kind !== "session") return;
  const detail = "This session began with a one-time password; choose a password of your own first.";
  throw new Refusal("forbidden", detail, { extra: { mustChangePassword } });
}

/** Was this token given everything its owner may do? Sessions always are. */
export const hasAllPermissions = (who: Actor) => who.given.has(everything);

/**
 * The names of the items on which an actor may hold something, for the `where` of a list: `"all"`, or names such as
 * `Samples` (repository), `Samples/nearby-earthquakes` (workspace) and `earthquakes` (app). A superset of nothing: an item is named only when
 * both the owner and the token reach it by some action.
 */
export function reachableItems(who: Actor): "all" | { repositories: string[]; workspaces: string[]; apps: string[] } {
  if (who.owner.has(everything) && who.given.has(everything)) return "all";
  const hands = [itemActions(who.owner), itemActions(who.given)] as const;
  const items = new Set(
    [...hands[0].keys(), ...hands[1].keys()].filter((item) => hands.every((hand) => reaches(hand, item))),
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

function reaches(hand: ItemActions, item: string): boolean {
  if (hand.has(everything) || hand.has(item)) return true;
  const [kind, repository] = item.split("/");
  return kind === "workspace" && hand.has(`repository/${repository}`);
}
