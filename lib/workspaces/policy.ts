import type { Prisma } from "../generated/prisma/client";
import { type Actor, reachableItems } from "../permissions/actor";
import { may } from "../permissions/effective";
import type { WorkspacePath, WorkspaceView } from "./schema";

/** What can be done to a workspace: `read` and `run` by a permission on it or its repository, the others by the latter alone or by owning it. */
const actions = ["read", "run", "download", "publish", "remove"] as const;
export type WorkspaceAction = (typeof actions)[number];

export const mayOnWorkspace = (who: Actor, { repository, name }: WorkspacePath, deed: WorkspaceAction) =>
  may(who, `workspace/${repository}/${name}:${deed}`);

/** Whoever holds anything on it sees that it is there. */
export const seesWorkspace = (who: Actor, path: WorkspacePath) =>
  actions.some((deed) => mayOnWorkspace(who, path, deed));

/** The permission to ask for, in the catalogue's words. */
export const permissionFor = ({ repository, name }: WorkspacePath, deed: WorkspaceAction) =>
  deed === "read" || deed === "run" ? `workspace/${repository}/${name}:${deed}` : `repository/${repository}:${deed}`;

/** The workspaces that the actor may read. */
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
  const can = (deed: WorkspaceAction) => mayOnWorkspace(who, path, deed);
  return { run: can("run"), download: can("download"), replace: can("publish"), remove: can("remove") };
}
