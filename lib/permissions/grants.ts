import type { Tx } from "../db";
import { invalid } from "../errors";
import type { Prisma } from "../generated/prisma/client";
import { type ParsedPermission, parsePermission } from "./catalog";

/** A grant without its holder. */
type GrantedItem = Pick<Prisma.GrantCreateManyInput, "resource" | "action" | "repositoryId" | "workspaceId">;

/**
 * Permissions in words as rows to store, items resolved to ids. Ask whether the actor holds them first: this one tells
 * which items exist.
 *
 * @throws Refusal `invalid` on `permissions` for one that the catalogue or the database does not know.
 */
export async function grantRows(tx: Tx, permissions: Iterable<string>): Promise<GrantedItem[]> {
  const wanted = [...new Set(permissions)].map((text) => ({ text, parsed: parsePermission(text) }));
  const names = [...new Set(wanted.flatMap(({ parsed }) => parsed?.repository ?? []))];
  const repositories = await tx.repository.findMany({
    where: { name: { in: names } },
    select: { id: true, name: true, workspaces: { select: { id: true, name: true } } },
  });
  return wanted.map(({ text, parsed }) => {
    const row = parsed && rowOf(parsed, repositories);
    if (!row) throw invalid("permissions", `There is no permission ${text}.`);
    return row;
  });
}

interface KnownRepository {
  id: string;
  name: string;
  workspaces: { id: string; name: string }[];
}

function rowOf({ resource, action, ...item }: ParsedPermission, repositories: KnownRepository[]): GrantedItem | null {
  if (item.repository === null) return { resource, action };
  const repository = repositories.find(({ name }) => name === item.repository);
  if (!repository) return null;
  if (item.workspace === null) return { resource, action, repositoryId: repository.id };
  const workspace = repository.workspaces.find(({ name }) => name === item.workspace);
  return workspace ? { resource, action, workspaceId: workspace.id } : null;
}
