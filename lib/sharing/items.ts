import type { AuditEntry } from "../audit/record";
import { db, type Tx } from "../db";
import { notFound, Refusal } from "../errors";
import type { Prisma } from "../generated/prisma/client";
import type { Actor } from "../permissions/actor";
import { parsePermission } from "../permissions/catalog";
import { may } from "../permissions/effective";
import { maySeeRepository } from "../repositories/policy";
import { maySeeWorkspace } from "../workspaces/policy";
import type { WorkspacePath } from "../workspaces/schema";

/** What can be shared: a repository with its workspaces, a single workspace, or an app. */
export type Shareable = { repository: string } | { workspace: WorkspacePath } | { app: string };

export interface OwnedItem {
  subject: AuditEntry["subject"];
  grants: Prisma.GrantWhereInput;
  /** Whether a permission is on the item, or on a workspace in it. */
  has: (permission: string) => boolean;
  /** Serialises changes of the grants, and keeps the item's name and owner, until the transaction ends. Refuses
   * `not-found` when it was removed or transferred since, even if another item now has its name. */
  lock: (tx: Tx) => Promise<void>;
}

/** Refuses `not-found` for an item that the actor does not see; `forbidden` unless the actor and their token own it or
 * have all permissions. */
export async function itemToShare(who: Actor, item: Shareable): Promise<OwnedItem> {
  const owned = await ownedItem(item);
  demandOwner(who, item);
  return owned;
}

/** Refuses `not-found` for an item that the actor does not see; `forbidden` unless {@link mayShare}. */
export function demandOwner(who: Actor, item: Shareable): void {
  if (!maySee(who, item)) throw notFound();
  if (!mayShare(who, item)) throw notOwner(item);
}

/** Ownership includes the right to share. A workspace belongs to its repository's owner. */
export function mayShare(who: Actor, item: Shareable): boolean {
  if ("app" in item) return may(who, `app/${item.app}:*`);
  return may(who, `repository/${"repository" in item ? item.repository : item.workspace.repository}:*`);
}

function maySee(who: Actor, item: Shareable): boolean {
  if ("app" in item) return may(who, `app/${item.app}:manage`);
  return "repository" in item ? maySeeRepository(who, item.repository) : maySeeWorkspace(who, item.workspace);
}

async function ownedItem(item: Shareable): Promise<OwnedItem> {
  if ("repository" in item) return repositoryToShare(item.repository);
  return "workspace" in item ? workspaceToShare(item.workspace) : appToShare(item.app);
}

async function repositoryToShare(name: string): Promise<OwnedItem> {
  const row = await db.repository.findUnique({ where: { name }, select: { id: true, ownerId: true } });
  if (!row) throw notFound();
  return {
    subject: { type: "repository", id: row.id, name, ownerId: row.ownerId },
    grants: { OR: [{ repositoryId: row.id }, { workspace: { repositoryId: row.id } }] },
    has: (permission) => parsePermission(permission)?.repository === name,
    lock: async (tx) =>
      demandLocked(
        await tx.$queryRaw`
          SELECT id FROM repositories
          WHERE id = ${row.id}::uuid AND name = ${name} AND owner_id = ${row.ownerId}::uuid FOR NO KEY UPDATE`,
      ),
  };
}

async function workspaceToShare(path: WorkspacePath): Promise<OwnedItem> {
  const row = await db.workspace.findFirst({
    where: { name: path.name, repository: { name: path.repository } },
    select: { id: true, ownerId: true, repositoryId: true, repository: { select: { ownerId: true } } },
  });
  if (!row) throw notFound();
  const name = `${path.repository}/${path.name}`;
  return {
    subject: { type: "workspace", id: row.id, name, ownerId: row.ownerId },
    grants: { workspaceId: row.id },
    has: (permission) => permission.startsWith(`workspace/${name}:`),
    // The lock of the repository serialises the changes of all grants in it.
    lock: async (tx) =>
      demandLocked(
        await tx.$queryRaw`
          SELECT w.id FROM repositories r JOIN workspaces w ON w.repository_id = r.id
          WHERE r.id = ${row.repositoryId}::uuid AND r.name = ${path.repository}
            AND r.owner_id = ${row.repository.ownerId}::uuid AND w.id = ${row.id}::uuid AND w.name = ${path.name}
          FOR NO KEY UPDATE OF r FOR KEY SHARE OF w`,
      ),
  };
}

async function appToShare(slug: string): Promise<OwnedItem> {
  const row = await db.app.findUnique({ where: { slug }, select: { id: true, name: true, ownerId: true } });
  if (!row) throw notFound();
  return {
    subject: { type: "app", id: row.id, name: row.name, ownerId: row.ownerId },
    grants: { appId: row.id },
    has: (permission) => parsePermission(permission)?.app === slug,
    lock: async (tx) =>
      demandLocked(
        await tx.$queryRaw`
          SELECT id FROM apps
          WHERE id = ${row.id}::uuid AND slug = ${slug} AND owner_id = ${row.ownerId}::uuid FOR NO KEY UPDATE`,
      ),
  };
}

function demandLocked(locked: unknown[]): void {
  if (locked.length !== 1) throw notFound();
}

function notOwner(item: Shareable): Refusal {
  const noun = "app" in item ? "app" : "repository" in item ? "repository" : "workspace's repository";
  const detail = `Only the owner of this ${noun} can share it, signed in or with a token that has All Permissions.`;
  return new Refusal("forbidden", detail);
}
