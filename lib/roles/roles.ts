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

const builtInRoles: readonly BuiltInRole[] = [
  {
    name: "superuser",
    title: "Superuser",
    description: "Has all permissions, including future ones.",
    everything: true,
    permissions: [],
  },
  {
    name: "admin",
    title: "Administrator",
    description: "Manages users and sees all jobs.",
    permissions: ["users:manage", "jobs:manage", "repositories:create"],
  },
  {
    name: "author",
    title: "Author",
    description: "Creates repositories, publishes workspaces, and creates apps from them.",
    permissions: ["repositories:create", "apps:create", "jobs:access"],
  },
  {
    name: "user",
    title: "User",
    description: "Runs workspaces that are shared with them.",
    permissions: ["repositories:access", "apps:access", "jobs:access"],
  },
];

export const isBuiltIn = (name: string): boolean => builtInRoles.some((role) => role.name === name);

/** Adds the missing built-in roles with their permissions. Existing ones keep the changes that were made to them. */
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

export interface HeldRole {
  name: string;
  everything: boolean;
  permissions: readonly Permission[];
}

export interface Role extends HeldRole {
  title: string;
  description: string;
  permissions: Permission[];
}

/** All roles with their permissions, in order of title. */
export async function rolesWithPermissions(tx: Tx): Promise<Role[]> {
  const roles = await tx.role.findMany({
    orderBy: [{ sortName: "asc" }, { name: "asc" }],
    select: { name: true, title: true, description: true, everything: true },
  });
  const granted = await tx.grantedPermission.findMany({
    where: { roleName: { not: null } },
    select: { roleName: true, permission: true },
  });
  const permissionsOf = (name: string) =>
    granted.filter(({ roleName }) => roleName === name).map(({ permission }) => permission as Permission);
  return roles.map((role) => ({ ...role, permissions: permissionsOf(role.name).sort() }));
}
