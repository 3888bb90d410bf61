import type { Prisma } from "../generated/prisma/client";
import { type Actor, reachableItems } from "../permissions/actor";
import { may } from "../permissions/effective";
import type { WorkspacePath, WorkspaceView } from "./schema";

/** `read` and `run` need a permission on the workspace or on its repository; the others need a permission on the
 * repository, or owning the workspace. */
const actions = ["read", "run", "download", "publish", "remove"] as const;
export type WorkspaceAction = (typeof actions)[number];

export const mayOnWorkspace = (who: Actor, { repository, name }: WorkspacePath, action: WorkspaceAction) =>
  may(who, `workspace/${repository}/${name}:${action}`);

/** Everyone who holds a permission on a workspace may know that it exists. */
export const maySeeWorkspace = (who: Actor, path: WorkspacePath) =>
  actions.some((action) => mayOnWorkspace(who, path, action));

export const permissionFor = ({ repository, name }: WorkspacePath, action: WorkspaceAction) =>
  action === "read" || action === "run"
    ? `workspace/${repository}/${name}:${action}`
    : `repository/${repository}:${action}`;

export function readableBy(who: Actor): Prisma.WorkspaceWhereInput {
  const reachable = reachableItems(who);
  if (reachable === "all") return {};
  const repositories = reachable.repositories.filter((name) => may(who, `repository/${name}:read`));
  const single = reachable.workspaces.map(pathOf).filter((path) => mayOnWorkspace(who, path, "read"));
  const each = single.map(({ repository, name }) => ({ name, repository: { name: repository } }));
  return { OR: [{ repository: { name: { in: repositories } } }, ...each] };
}

function pathOf(item: string): WorkspacePath {
  const [repository = "", name = ""] = item.split("/");
  return { repository, name };
}

export function canOf(who: Actor, path: WorkspacePath): WorkspaceView["can"] {
  const can = (action: WorkspaceAction) => mayOnWorkspace(who, path, action);
  return { run: can("run"), download: can("download"), replace: can("publish"), remove: can("remove") };
}
