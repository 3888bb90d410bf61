"use client";

import type { Column } from "@/components/data-table/columns";
import { DataTable } from "@/components/data-table/data-table";
import { RowLink } from "@/components/data-table/row-link";
import { Badge } from "@/components/ui/status";
import { describePermission } from "@/lib/permissions/catalog";
import type { RoleView } from "@/lib/roles/schema";
import { peopleIn } from "./labels";

type Row = RoleView & { id: string };

/** All roles, by name. */
export function RoleTable({ roles }: { roles: RoleView[] }) {
  return (
    <DataTable
      title="Roles"
      rows={roles.map((role) => ({ ...role, id: role.name }))}
      columns={columns}
      nameOf={(role) => role.title}
      empty={null}
    />
  );
}

const columns: Column<Row>[] = [
  {
    header: "Role",
    rowHeader: true,
    width: "w-[34%]",
    cell: (role) => (
      <>
        <span className="flex flex-wrap items-center gap-2">
          <RowLink href={`/admin/roles/${role.name}`} className="hover:underline">
            {role.title}
          </RowLink>
          {role.builtIn && <Badge>Built in</Badge>}
        </span>
        <div className="text-sm font-normal text-muted">{role.description}</div>
      </>
    ),
  },
  {
    header: "Holds",
    cell: (role) => <Holds role={role} />,
  },
  {
    header: "Held by",
    width: "w-32",
    cell: (role) => peopleIn(role.people),
  },
];

const namesMax = 3;

function Holds({ role }: { role: RoleView }) {
  if (role.everything) return <Badge tone="clay">Everything</Badge>;
  const words = role.permissions.map(describePermission);
  if (words.length === 0) return <span className="text-muted">Nothing</span>;
  const more = words.length - namesMax;
  return (
    <div title={words.join("\n")}>
      {words.slice(0, namesMax).join(", ")}
      {more > 0 && <span className="text-sm text-muted"> and {more} more</span>}
    </div>
  );
}
