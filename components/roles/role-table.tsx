"use client";

import { createColumnHelper } from "@tanstack/react-table";
import { ColumnsMenu } from "@/components/data-table/columns-menu";
import { DataTable } from "@/components/data-table/data-table";
import { defineTable, type Features } from "@/components/data-table/definition";
import { RowLink } from "@/components/data-table/row-link";
import { Badge } from "@/components/ui/status";
import { describePermission } from "@/lib/permissions/catalog";
import type { RoleView } from "@/lib/roles/schema";
import { peopleIn } from "./labels";

/** All roles, by title. */
export function RoleTable({ roles }: { roles: RoleView[] }) {
  return (
    <DataTable
      definition={definition}
      title="Roles"
      rows={roles}
      empty={null}
      tools={<ColumnsMenu of={definition} />}
    />
  );
}

const column = createColumnHelper<Features, RoleView>();

const definition = defineTable<RoleView>({
  id: "roles",
  rowId: (role) => role.name,
  rowName: (role) => role.title,
  columns: [
    column.display({
      id: "role",
      header: "Role",
      meta: { width: "w-[34%]", rowHeader: true },
      cell: ({ row: { original: role } }) => (
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
    }),
    column.display({
      id: "permissions",
      header: "Permissions",
      cell: ({ row }) => <Permissions role={row.original} />,
    }),
    column.display({
      id: "members",
      header: "Members",
      meta: { width: "w-32" },
      cell: ({ row }) => peopleIn(row.original.people),
    }),
  ],
});

const shownMax = 3;

function Permissions({ role }: { role: RoleView }) {
  if (role.everything) return <Badge tone="clay">Everything</Badge>;
  const words = role.permissions.map(describePermission);
  if (words.length === 0) return <span className="text-muted">None</span>;
  const more = words.length - shownMax;
  return (
    <div title={words.join("\n")}>
      {words.slice(0, shownMax).join(", ")}
      {more > 0 && <span className="text-sm text-muted"> and {more} more</span>}
    </div>
  );
}
