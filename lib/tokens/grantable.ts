import { db } from "../db";
import { type Actor, hasAllPermissions, reachableItems } from "../permissions/actor";
import { catalog, type Permission, type ResourceType } from "../permissions/catalog";
import { may } from "../permissions/effective";
import type { GrantableItems } from "./schema";

const entries: readonly ResourceType[] = catalog;

/** What the actor can grant to a token, with the names that the permission grid shows. */
export async function grantableItems(who: Actor): Promise<GrantableItems> {
  const [repositories, apps] = await Promise.all([reachableRepositories(who), reachableApps(who)]);
  return {
    allPermissions: hasAllPermissions(who),
    general: entries.flatMap(({ resource, general }) =>
      general.map(({ action }) => `${resource}:${action}`).filter((permission) => may(who, permission as Permission)),
    ),
    repositories: repositories
      .map(({ name, description, workspaces }) => ({
        name,
        description,
        permissions: grantableOn(who, "repository", name),
        workspaces: workspaces
          .map((workspace) => ({
            ...workspace,
            permissions: grantableOn(who, "workspace", `${name}/${workspace.name}`),
          }))
          .filter(({ permissions }) => permissions.length > 0),
      }))
      .filter(({ permissions, workspaces }) => permissions.length + workspaces.length > 0),
    apps: apps
      .map((app) => ({ ...app, permissions: grantableOn(who, "app", app.slug) }))
      .filter(({ permissions }) => permissions.length > 0),
  };
}

function reachableRepositories(who: Actor) {
  const reachable = reachableItems(who);
  const names =
    reachable === "all"
      ? undefined
      : [...reachable.repositories, ...reachable.workspaces.map((item) => item.slice(0, item.indexOf("/")))];
  return db.repository.findMany({
    where: { name: { in: names } },
    select: {
      name: true,
      description: true,
      workspaces: { select: { name: true, title: true }, orderBy: { sortName: "asc" } },
    },
    orderBy: { sortName: "asc" },
  });
}

function reachableApps(who: Actor) {
  const reachable = reachableItems(who);
  const slugs = reachable === "all" ? undefined : reachable.apps;
  return db.app.findMany({
    where: { slug: { in: slugs } },
    select: { slug: true, name: true },
    orderBy: [{ sortName: "asc" }, { slug: "asc" }],
  });
}

function grantableOn(who: Actor, resource: "repository" | "workspace" | "app", item: string): string[] {
  const actions = entries.find((entry) => entry.item?.resource === resource)?.item?.actions ?? [];
  return actions
    .map(({ action }) => `${resource}/${item}:${action}`)
    .filter((permission) => may(who, permission as Permission));
}
