import { Plus } from "lucide-react";
import type { SearchParams } from "nuqs/server";
import { TableToolbar } from "@/components/data-table/table-toolbar";
import { RemoveOtherSessions } from "@/components/sessions/remove-others";
import { SessionTokenColumns, SessionTokens } from "@/components/sessions/session-tokens";
import { ApiTokenColumns, ApiTokens } from "@/components/tokens/api-tokens";
import { tokenRow } from "@/components/tokens/listed-token";
import { loadTokenSearch, manageTokensHref, type TokenSearch } from "@/components/tokens/search";
import { TokenFilters } from "@/components/tokens/token-filters";
import { type PackedTokenPage, packTokenPage } from "@/components/tokens/token-page";
import { ButtonLink } from "@/components/ui/button-link";
import { PageHeader } from "@/components/ui/page-header";
import { TabLinks } from "@/components/ui/tab-links";
import { requireActor } from "@/lib/auth/current-actor";
import type { Actor } from "@/lib/permissions/actor";
import { sanitizeSearch } from "@/lib/text";
import { countTokens, listTokens } from "@/lib/tokens/queries";
import type { TokenMatch } from "@/lib/tokens/schema";
import { readPage } from "../../read-page";

export const metadata = { title: "Manage Tokens" };

const pageSize = 25;

export default async function ManageTokensPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const who = await requireActor();
  const search = await loadTokenSearch(searchParams);
  const [active, expired] = await readTables(who, search);
  const Tables = search.tab === "api" ? ApiTokens : SessionTokens;

  return (
    <>
      <PageHeader
        trail={[{ name: "User Settings" }]}
        title="Manage Tokens"
        description="Tokens and sessions that act on your behalf. Only you can see them."
        actions={
          search.tab === "api" ? (
            <ButtonLink href="/settings/tokens/new" variant="primary" icon={<Plus aria-hidden />}>
              New token
            </ButtonLink>
          ) : (
            <RemoveOtherSessions />
          )
        }
      />
      <TabLinks
        label="Token types"
        current={search.tab}
        tabs={[
          { id: "api", name: "API Tokens", href: manageTokensHref() },
          { id: "session", name: "Session Tokens", href: manageTokensHref({ tab: "session" }) },
        ]}
      />
      {search.tab === "api" ? (
        <TableToolbar
          filters={<TokenFilters noun="API tokens" fields="name or description" />}
          columns={<ApiTokenColumns />}
        />
      ) : (
        <TableToolbar
          filters={<TokenFilters noun="session tokens" fields="device" />}
          columns={<SessionTokenColumns />}
        />
      )}
      <Tables active={active} expired={expired} search={search} />
    </>
  );
}

async function readTables(who: Actor, search: TokenSearch) {
  const { state, after, expiredAfter } = search;
  const firstPage = manageTokensHref({ ...search, after: null, expiredAfter: null });
  return readPage(
    () => Promise.all([readTable(who, search, state, after), readTable(who, search, "expired", expiredAfter)]),
    firstPage,
  );
}

/** Reads a page of one table and the number of tokens on all its pages. It counts them only if there are other pages. */
async function readTable(
  who: Actor,
  { tab: kind, q, sort }: TokenSearch,
  state: TokenMatch["state"],
  after: string | null,
): Promise<PackedTokenPage> {
  const match = { kind, state, q: sanitizeSearch(q) || undefined };
  const page = await listTokens(who, { ...match, sort, limit: pageSize, cursor: after ?? undefined });
  const isWhole = after === null && page.nextCursor === null;
  const total = isWhole ? { count: page.items.length, isMore: false } : await countTokens(who, match);
  return packTokenPage({ ...page, items: page.items.map(tokenRow), total, match, asOf: who.now.toISOString() });
}
