import { Plus } from "lucide-react";
import type { SearchParams } from "nuqs/server";
import { TableToolbar } from "@/components/data-table/table-toolbar";
import { ButtonLink } from "@/components/ui/button-link";
import { PageHeader } from "@/components/ui/page-header";
import { loadUserSearch, type UserSearch, usersHref } from "@/components/users/search";
import { UserFilters } from "@/components/users/user-filters";
import { UserColumns, UserTable } from "@/components/users/user-table";
import type { Actor } from "@/lib/permissions/actor";
import { listRoles } from "@/lib/roles/queries";
import { sanitizeSearch } from "@/lib/text";
import { listUsers } from "@/lib/users/queries";
import { readPage } from "../../../read-page";
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
        description="Everyone who has an account on this server. Disabling a user stops their sessions, tokens and apps."
        actions={
          <ButtonLink href="/admin/users/new" variant="primary" icon={<Plus aria-hidden />}>
            New user
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

function usersOf(who: Actor, search: UserSearch) {
  const { state, after } = search;
  const q = sanitizeSearch(search.q) || undefined;
  return readPage(
    () => listUsers(who, { q, state: state ?? undefined, cursor: after ?? undefined, limit: pageSize }),
    usersHref({ ...search, after: null }),
  );
}
