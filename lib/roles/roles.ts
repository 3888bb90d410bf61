import type { Tx } from "../db";
import type { GeneralPermission, Permission } from "../permissions/catalog";
import { grantRows } from "../permissions/grants";

interface BuiltInRole {
  name: string;
  title: string;
  description: string;
  everything?: true;
  permissions: GeneralPermission[];
}

/** Roles that every server starts with (design 3.4). From then on they are data. */
const builtInRoles: readonly BuiltInRole[] = [
  {
    name: "superuser",
    title: "Superuser",
    description: "Holds everything, present and future.",
    everything: true,
    permissions: [],
  },
  {
    name: "admin",
    title: "Administrator",
    description: "Manages accounts and sees everybody's jobs.",
    permissions: ["users:manage", "jobs:manage", "repositories:create"],
  },
  {
    name: "author",
    title: "Author",
    description: "Makes repositories, publishes workspaces in them, and makes apps from workspaces.",
    permissions: ["repositories:create", "apps:create", "jobs:access"],
  },
  {
    name: "user",
    title: "User",
    description: "Runs the workspaces that others have shared.",
    permissions: ["repositories:access", "apps:access", "jobs:access"],
  },
];

/** Does every server have this role? */
export const isBuiltIn = (name: string): boolean => builtInRoles.some((role) => role.name === name);

/** Adds the built-in roles that are missing, with their permissions. Those that exist are left as they have been edited. */
export async function ensureRoles(tx: Tx): Promise<void> {
  for (const { name, title, description, everything = false, permissions } of builtInRoles) {
    const { count } = await tx.role.createMany({
      data: [{ name, title, description, everything }],
      skipDuplicates: true,
    });
    if (count === 0) continue;
    const grants = await grantRows(tx, permissions);
    await tx.grant.createMany({ data: grants.map((grant) => ({ ...grant, roleName: name })) });
  }
}

/** A role and what it holds. */
export interface HeldRole {
  name: string;
  everything: boolean;
  permissions: readonly Permission[];
}

/** A role with its words and what it holds. */
export interface Role extends HeldRole {
  title: string;
  description: string;
  permissions: Permission[];
}

/** Every role with its permissions, in the order of their names. */
export async function rolesWithPermissions(tx: Tx): Promise<Role[]> {
  const roles = await tx.role.findMany({
    orderBy: { name: "asc" },
    select: { name: true, title: true, description: true, everything: true },
  });
  const granted = await tx.grantedPermission.findMany({
    where: { roleName: { not: null } },
    orderBy: { permission: "asc" },
    select: { roleName: true, permission: true },
  });
  const permissionsOf = (name: string) =>
    granted.filter(({ roleName }) => roleName === name).map(({ permission }) => permission as Permission);
  return roles.map((role) => ({ ...role, permissions: permissionsOf(role.name) }));
}
