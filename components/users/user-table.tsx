"use client";

import { SearchX } from "lucide-react";
import { lazy } from "react";
import type { Column } from "@/components/data-table/columns";
import { DataTable } from "@/components/data-table/data-table";
import { Pager } from "@/components/data-table/pager";
import { RowLink } from "@/components/data-table/row-link";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { RelativeTime } from "@/components/ui/relative-time";
import type { UserView } from "@/lib/users/schema";
import { type UserSearch, userHref, usersHref } from "./search";
import { useUserChanges } from "./use-user-changes";
import { UserState } from "./user-state";

const fetchUserMenu = () => import("./user-menu");
const UserMenu = lazy(fetchUserMenu);

type Row = UserView & { id: string; roleTitles: string };

/** A page of accounts, by user name. */
export function UserTable({
  users,
  nextCursor,
  titles,
  self,
  search,
}: {
  users: UserView[];
  nextCursor: string | null;
  /** Of roles, by name. */
  titles: Record<string, string>;
  /** The user name of whoever looks. */
  self: string;
  search: UserSearch;
}) {
  const { start, dialogs } = useUserChanges(self);
  const rows = users.map((user) => ({
    ...user,
    id: user.userName,
    roleTitles: user.roles.map((role) => titles[role] ?? role).join(", "),
  }));
  return (
    <>
      <DataTable
        title="Accounts"
        rows={rows}
        columns={columns}
        nameOf={(user) => user.userName}
        rowMenu={(user) => <UserMenu user={user} self={self} start={start} />}
        fetchRowMenu={fetchUserMenu}
        empty={
          <EmptyState
            icon={<SearchX aria-hidden />}
            title="No account fits"
            action={<ButtonLink href={usersHref()}>Show all accounts</ButtonLink>}
          >
            User name and name are searched.
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

const columns: Column<Row>[] = [
  {
    header: "User",
    rowHeader: true,
    cell: (user) => (
      <>
        <RowLink href={userHref(user.userName)} className="break-all hover:underline">
          {user.userName}
        </RowLink>
        <div title={user.fullName} className="line-clamp-1 text-sm font-normal text-muted">
          {user.fullName}
        </div>
      </>
    ),
  },
  {
    header: "Roles",
    width: "w-[24%]",
    cell: (user) => user.roleTitles || <span className="text-muted">None</span>,
  },
  {
    header: "Signs in with",
    width: "w-[18%]",
    hideWhenNarrow: true,
    cell: (user) => user.signsInWith.map(wayOf).join(", "),
  },
  {
    header: "Created",
    width: "w-32",
    hideWhenNarrow: true,
    cell: (user) => <RelativeTime at={user.createdAt} />,
  },
  {
    header: "Status",
    width: "w-44",
    cell: (user) => <UserState user={user} />,
  },
];

const wayOf = (way: UserView["signsInWith"][number]) => (way === "password" ? "Password" : "Identity provider");
