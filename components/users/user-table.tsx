"use client";

import { createColumnHelper } from "@tanstack/react-table";
import { SearchX } from "lucide-react";
import { useMemo } from "react";
import { ColumnsMenu } from "@/components/data-table/columns-menu";
import { DataTable } from "@/components/data-table/data-table";
import { defineTable, type Features } from "@/components/data-table/definition";
import { Pager } from "@/components/data-table/pager";
import { RowLink } from "@/components/data-table/row-link";
import { part } from "@/components/parts/part";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { RelativeTime } from "@/components/ui/relative-time";
import type { UserView } from "@/lib/users/schema";
import { type UserSearch, userHref, usersHref } from "./search";
import { useUserChanges } from "./use-user-changes";
import { UserState } from "./user-state";

const UserMenu = part(() => import("./user-menu"));

type Row = UserView & { roleTitles: string };

/** A page of users, sorted by user name. */
export function UserTable({
  users,
  nextCursor,
  titles,
  self,
  search,
}: {
  users: UserView[];
  nextCursor: string | null;
  /** The titles of the roles, by name. */
  titles: Record<string, string>;
  /** The current user's name. */
  self: string;
  search: UserSearch;
}) {
  const { start, dialogs } = useUserChanges(self);
  const rows = useMemo(
    () => users.map((user) => ({ ...user, roleTitles: user.roles.map((role) => titles[role] ?? role).join(", ") })),
    [users, titles],
  );
  return (
    <>
      <DataTable
        definition={definition}
        title="Users"
        rows={rows}
        rowMenu={{ items: (user) => <UserMenu user={user} self={self} start={start} />, part: UserMenu }}
        empty={
          <EmptyState
            icon={<SearchX aria-hidden />}
            title="No accounts found"
            action={<ButtonLink href={usersHref()}>Show all accounts</ButtonLink>}
          >
            The search covers user names and full names.
          </EmptyState>
        }
        footer={
          <Pager
            name="accounts"
            first={search.after && usersHref({ ...search, after: null })}
            next={nextCursor && usersHref({ ...search, after: nextCursor })}
          />
        }
      />
      {dialogs}
    </>
  );
}

const column = createColumnHelper<Features, Row>();

const definition = defineTable<Row>({
  id: "users",
  rowId: (user) => user.userName,
  rowName: (user) => user.userName,
  columns: [
    column.display({
      id: "user",
      header: "User",
      meta: { rowHeader: true },
      cell: ({ row: { original: user } }) => (
        <>
          <RowLink href={userHref(user.userName)} className="break-all hover:underline">
            {user.userName}
          </RowLink>
          <div title={user.fullName} className="line-clamp-1 text-sm font-normal text-muted">
            {user.fullName}
          </div>
        </>
      ),
    }),
    column.display({
      id: "roles",
      header: "Roles",
      meta: { width: "w-[24%]" },
      cell: ({ row }) => row.original.roleTitles || <span className="text-muted">None</span>,
    }),
    column.display({
      id: "signsInWith",
      header: "Signs in with",
      meta: { width: "w-[18%]", hideWhenNarrow: true },
      cell: ({ row }) => row.original.signsInWith.map(wayOf).join(", "),
    }),
    column.display({
      id: "createdAt",
      header: "Created",
      meta: { width: "w-32", hideWhenNarrow: true },
      cell: ({ row }) => <RelativeTime at={row.original.createdAt} />,
    }),
    column.display({
      id: "status",
      header: "Status",
      meta: { width: "w-44" },
      cell: ({ row }) => <UserState user={row.original} />,
    }),
  ],
});

/** The Columns menu of the users. */
export const UserColumns = () => <ColumnsMenu of={definition} />;

const wayOf = (way: UserView["signsInWith"][number]) => (way === "password" ? "Password" : "Identity provider");
