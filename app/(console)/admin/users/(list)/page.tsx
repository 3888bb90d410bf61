import { Plus } from "lucide-react";
import { redirect } from "next/navigation";
import type { SearchParams } from "nuqs/server";
import { TableToolbar } from "@/components/data-table/table-toolbar";
import { ButtonLink } from "@/components/ui/button-link";
import { PageHeader } from "@/components/ui/page-header";
import { loadUserSearch, type UserSearch, usersHref } from "@/components/users/search";
import { UserFilters } from "@/components/users/user-filters";
import { UserColumns, UserTable } from "@/components/users/user-table";
import { Refusal } from "@/lib/errors";
import type { Actor } from "@/lib/permissions/actor";
import { listRoles } from "@/lib/roles/queries";
import { listUsers } from "@/lib/users/queries";
import { requireAdministrator } from "../../require-administrator";

export const metadata = { title: "Users" };

const pageSize = 25;

export default async function UsersPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const who = await requireAdministrator();
  const search = await loadUserSearch(searchParams);
  const [users, roles] = await Promise.all([usersOf(who, search), listRoles(who)]);

  return (
    <>
      <PageHeader
        trail={[{ name: "Administration" }]}
        title="Users"
        description="The accounts of this server. What acts in somebody's name is theirs alone to see; disabling the account stops it."
        actions={
          <ButtonLink href="/admin/users/new" variant="primary" icon={<Plus aria-hidden />}>
            New account
          </ButtonLink>
        }
      />
      <TableToolbar filters={<UserFilters />} columns={<UserColumns />} />
      <UserTable
        users={users.items}
        nextCursor={users.nextCursor}
        titles={Object.fromEntries(roles.items.map(({ name, title }) => [name, title]))}
        self={who.userName}
        search={search}
      />
    </>
  );
}

async function usersOf(who: Actor, search: UserSearch) {
  const { q, state, after } = search;
  // An address can hold more and other characters than the field.
  const typed = q
    .replace(/[\p{Cc}\p{Cs}]/gu, "")
    .trim()
    .slice(0, 100);
  try {
    const filter = { q: typed || undefined, state: state ?? undefined, cursor: after ?? undefined, limit: pageSize };
    return await listUsers(who, filter);
  } catch (error) {
    if (error instanceof Refusal && error.field === "cursor") redirect(usersHref({ ...search, after: null }));
    throw error;
  }
}
