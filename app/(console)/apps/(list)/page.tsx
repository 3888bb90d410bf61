import { Plus } from "lucide-react";
import type { SearchParams } from "nuqs/server";
import { AppFilters } from "@/components/apps/app-filters";
import { AppColumns, AppTable } from "@/components/apps/app-table";
import { NoApps } from "@/components/apps/no-apps";
import { type AppSearch, appsHref, loadAppSearch } from "@/components/apps/search";
import { TableToolbar } from "@/components/data-table/table-toolbar";
import { ButtonLink } from "@/components/ui/button-link";
import { PageHeader } from "@/components/ui/page-header";
import { listApps } from "@/lib/apps/queries";
import { requireActor } from "@/lib/auth/current-actor";
import type { Actor } from "@/lib/permissions/actor";
import { may } from "@/lib/permissions/effective";
import { sanitizeSearch } from "@/lib/text";
import { readPage } from "../../read-page";

export const metadata = { title: "Apps" };

const pageSize = 25;

export default async function AppsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const who = await requireActor();
  const search = await loadAppSearch(searchParams);
  const apps = await readApps(who, search);
  const mayCreate = may(who, "apps:create");

  return (
    <>
      <PageHeader
        title="Apps"
        description="Public pages that run a workspace. Visitors don't need an account."
        actions={
          mayCreate && (
            <ButtonLink href="/apps/new" variant="primary" icon={<Plus aria-hidden />}>
              Create app
            </ButtonLink>
          )
        }
      />
      <TableToolbar filters={<AppFilters />} columns={<AppColumns />} />
      <AppTable apps={apps} search={search} empty={<NoApps search={search} mayCreate={mayCreate} />} />
    </>
  );
}

async function readApps(who: Actor, search: AppSearch) {
  // Without this permission the actor has no apps to manage.
  if (!may(who, "apps:access")) return { items: [], nextCursor: null };
  const { sort, after } = search;
  const q = sanitizeSearch(search.q) || undefined;
  return readPage(
    () => listApps(who, { sort, q, limit: pageSize, cursor: after ?? undefined }),
    appsHref({ ...search, after: null }),
  );
}
