import type { Tx } from "../db";

/** Locks in order of id. Removing the item needs this: the database would lock the apps' jobs before the apps, while
 * all other transactions lock an app before its jobs. */
export async function lockAppsOn(tx: Tx, item: { workspaceId: string } | { repositoryId: string }): Promise<void> {
  if ("workspaceId" in item) {
    await tx.$queryRaw`
      SELECT id FROM apps WHERE workspace_id = ${item.workspaceId}::uuid ORDER BY id FOR NO KEY UPDATE`;
  } else {
    await tx.$queryRaw`
      SELECT id FROM apps
      WHERE workspace_id IN (SELECT id FROM workspaces WHERE repository_id = ${item.repositoryId}::uuid)
      ORDER BY id FOR NO KEY UPDATE`;
  }
}
