import type { Prisma } from "../generated/prisma/client";
import { type Actor, reachableItems } from "../permissions/actor";
import type { RepositoryAction } from "../permissions/catalog";
import { may } from "../permissions/effective";
import type { RepositoryView } from "./schema";

const actions: readonly RepositoryAction[] = ["read", "download", "run", "publish", "remove"];

export const mayOnRepository = (who: Actor, repository: string, action: RepositoryAction) =>
  may(who, `repository/${repository}:${action}`);

/** Everyone who holds a permission on a repository may know that it exists. */
export const maySeeRepository = (who: Actor, repository: string) =>
  actions.some((action) => mayOnRepository(who, repository, action));

export function visibleTo(who: Actor): Prisma.RepositoryWhereInput {
  const reachable = reachableItems(who);
  if (reachable === "all") return {};
  return { name: { in: reachable.repositories.filter((name) => maySeeRepository(who, name)) } };
}

export function canOf(who: Actor, repository: string): RepositoryView["can"] {
  const can = (action: RepositoryAction) => mayOnRepository(who, repository, action);
  return {
    read: can("read"),
    download: can("download"),
    publish: can("publish"),
    remove: can("remove"),
    share: may(who, `repository/${repository}:*`),
  };
}
