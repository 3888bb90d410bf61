import { isForeignKeyViolation, type Tx } from "../db";
import { invalid } from "../errors";
import { Prisma } from "../generated/prisma/client";
import { makeId } from "../ids";
import { type ParsedPermission, parsePermission } from "./catalog";

type GrantedItem = Pick<Prisma.GrantCreateManyInput, "resource" | "action" | "repositoryId" | "workspaceId" | "appId">;

/** The rows that store permissions. Check first that the actor has them, since the refusal tells whether an item
 * exists. Refuses `invalid` on `permissions` for one that the catalog or the database does not have. */
export async function grantRows(tx: Tx, permissions: Iterable<string>): Promise<GrantedItem[]> {
  const parsedPermissions = [...new Set(permissions)].map((text) => ({ text, parsed: parsePermission(text) }));
  const names = [...new Set(parsedPermissions.flatMap(({ parsed }) => parsed?.repository ?? []))];
  const repositories = await tx.repository.findMany({
    where: { name: { in: names } },
    select: { id: true, name: true, workspaces: { select: { id: true, name: true } } },
  });
  const slugs = [...new Set(parsedPermissions.flatMap(({ parsed }) => parsed?.app ?? []))];
  const apps = slugs.length === 0 ? [] : await tx.app.findMany({ where: { slug: { in: slugs } }, select: knownApp });
  return parsedPermissions.map(({ text, parsed }) => {
    const row = parsed && rowOf(parsed, repositories, apps);
    if (!row) throw noSuchPermission(text);
    return row;
  });
}

export const noSuchPermission = (text: string) => invalid("permissions", `There is no permission ${text}.`);

/** The same rows with ids, for a statement that stores them. For a permission that does not exist, `missing` has it. */
export function grantRowsSql(permissions: Iterable<string>): Prisma.Sql {
  const wanted = [...new Set(permissions)].map((text) => ({ ...parsePermission(text), id: makeId(), text }));
  return Prisma.sql`
    SELECT found.*, CASE
      WHEN resource IS NULL OR num_nonnulls(repository_id, workspace_id, app_id) <> num_nonnulls(repository, app) THEN text
    END AS missing
    FROM (
      SELECT g.*,
        (SELECT r.id FROM repositories r WHERE r.name = g.repository AND g.workspace IS NULL) AS repository_id,
        (
          SELECT w.id FROM workspaces w JOIN repositories r ON r.id = w.repository_id
          WHERE r.name = g.repository AND w.name = g.workspace
        ) AS workspace_id,
        (SELECT a.id FROM apps a WHERE a.slug = g.app) AS app_id
      FROM jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb)
        AS g (id uuid, text text, resource text, action text, repository text, workspace text, app text)
    ) AS found`;
}

/** The holder must have none of these grants yet. Refuses `invalid` on `permissions` like {@link grantRows}. */
export async function addGrants(tx: Tx, holder: Holder, permissions: Iterable<string>): Promise<void> {
  const rows = await grantRows(tx, permissions);
  try {
    await tx.grant.createMany({ data: rows.map((row) => ({ ...row, ...holder })) });
  } catch (error) {
    if (!isForeignKeyViolation(error)) throw error;
    throw removedItem();
  }
}

export const removedItem = () =>
  invalid("permissions", "One of these items was just removed. Remove it from the list.");

export type Holder = { userId: string } | { roleName: string } | { tokenId: string };

const knownApp = { id: true, slug: true };
type KnownApp = Record<keyof typeof knownApp, string>;

interface KnownRepository {
  id: string;
  name: string;
  workspaces: { id: string; name: string }[];
}

function rowOf(
  { resource, action, ...item }: ParsedPermission,
  repositories: KnownRepository[],
  apps: KnownApp[],
): GrantedItem | null {
  if (item.app !== null) {
    const app = apps.find(({ slug }) => slug === item.app);
    return app ? { resource, action, appId: app.id } : null;
  }
  if (item.repository === null) return { resource, action };
  const repository = repositories.find(({ name }) => name === item.repository);
  if (!repository) return null;
  if (item.workspace === null) return { resource, action, repositoryId: repository.id };
  const workspace = repository.workspaces.find(({ name }) => name === item.workspace);
  return workspace ? { resource, action, workspaceId: workspace.id } : null;
}
