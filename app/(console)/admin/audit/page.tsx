import { Download } from "lucide-react";
import type { SearchParams } from "nuqs/server";
import { AuditFilters } from "@/components/audit/audit-filters";
import { AuditTable } from "@/components/audit/audit-table";
import { auditHref, exportHref, filterOf, loadAuditSearch } from "@/components/audit/search";
import { ButtonLink } from "@/components/ui/button-link";
import { PageHeader } from "@/components/ui/page-header";
import { listAuditEvents } from "@/lib/audit/queries";
import { readPage } from "../../read-page";
import { requireAdministrator } from "../require-administrator";

export const metadata = { title: "Audit log" };

const pageSize = 50;

export default async function AuditPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const who = await requireAdministrator();
  const search = await loadAuditSearch(searchParams);
  const firstPage = auditHref({ ...search, after: null });
  const events = await readPage(
    () => listAuditEvents(who, { ...filterOf(search), cursor: search.after ?? undefined, limit: pageSize }),
    firstPage,
  );

  return (
    <>
      <PageHeader
        trail={[{ name: "Administration" }]}
        title="Audit log"
        description="Changes to users, roles, repositories, workspaces and apps. The history of a token is visible only to its owner."
        actions={(["csv", "json"] as const).map((format) => (
          <ButtonLink
            key={format}
            href={exportHref(search, format)}
            prefetch={false}
            download
            icon={<Download aria-hidden />}
          >
            Export {format.toUpperCase()}
          </ButtonLink>
        ))}
      />
      <AuditFilters />
      {/* The names of browsers are the names of sessions, which only their owners see. */}
      <AuditTable
        events={events.items.map(({ agent: _, ...event }) => event)}
        nextCursor={events.nextCursor}
        search={search}
      />
    </>
  );
}
