import { Plus } from "lucide-react";
import { redirect } from "next/navigation";
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
import { Refusal } from "@/lib/errors";
import type { Actor } from "@/lib/permissions/actor";
import { may } from "@/lib/permissions/effective";

export const metadata = { title: "Apps" };

const pageSize = 25;

export default async function AppsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const who = await requireActor();
  const search = await loadAppSearch(searchParams);
  const apps = await pageOfApps(who, search);
  const mayCreate = may(who, "apps:create");

  return (
    <>
      <PageHeader
        title="Apps"
        description="Pages with a URL that run one workspace for people who have no account."
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

async function pageOfApps(who: Actor, search: AppSearch) {
  // Whoever may not see the list of apps has none to manage.
  if (!may(who, "apps:access")) return { items: [], nextCursor: null };
  const { sort, after } = search;
  try {
    return await listApps(who, {
      sort,
      q: sanitizeSearch(search.q) || undefined,
      limit: pageSize,
      cursor: after ?? undefined,
    });
  } catch (error) {
    // A cursor from another order or an old bookmark: the first page instead.
    if (error instanceof Refusal && error.field === "cursor") redirect(appsHref({ ...search, after: null }));
    throw error;
  }
}

/** A search as somebody could have typed it: an address can hold more and other characters than the field. */
const sanitizeSearch = (q: string) =>
  q
    .replace(/[\p{Cc}\p{Cs}]/gu, "")
    .trim()
    .slice(0, 100);
