import type { Tx } from "../db";

/**
 * Holds the apps that run a workspace, or those of all workspaces in a repository, in order of id. For whoever removes it: the
 * database would come to their jobs before it comes to them, against everybody else, who hold an app before its jobs.
 */
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
