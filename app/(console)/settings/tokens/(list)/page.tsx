import { Plus } from "lucide-react";
import { redirect } from "next/navigation";
import type { SearchParams } from "nuqs/server";
import { RemoveOtherSessions } from "@/components/sessions/remove-others";
import { SessionTokens } from "@/components/sessions/session-tokens";
import { ApiTokens } from "@/components/tokens/api-tokens";
import { loadTokenSearch, manageTokensHref, type TokenSearch } from "@/components/tokens/search";
import { TokenFilters } from "@/components/tokens/token-filters";
import { ButtonLink } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { TabLinks } from "@/components/ui/tab-links";
import { requireActor } from "@/lib/auth/current-actor";
import { Refusal } from "@/lib/errors";
import type { Actor } from "@/lib/permissions/actor";
import { listTokens } from "@/lib/tokens/queries";

export const metadata = { title: "Manage Tokens" };

const pageSize = 25;

export default async function ManageTokensPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const who = await requireActor();
  const search = await loadTokenSearch(searchParams);
  const [active, expired] = await bothTables(who, search);
  const Tables = search.tab === "api" ? ApiTokens : SessionTokens;

  return (
    <>
      <PageHeader
        trail={[{ name: "User Settings" }]}
        title="Manage Tokens"
        description="Everything that acts in your name, now and before. Only you see it."
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
        label="Kinds of token"
        current={search.tab}
        tabs={[
          { id: "api", name: "API Tokens", href: manageTokensHref() },
          { id: "session", name: "Session Tokens", href: manageTokensHref({ tab: "session" }) },
        ]}
      />
      {search.tab === "api" ? (
        <TokenFilters noun="API tokens" fields="name or description" />
      ) : (
        <TokenFilters noun="session tokens" fields="device" />
      )}
      <Tables active={active} expired={expired} search={search} />
    </>
  );
}

async function bothTables(who: Actor, search: TokenSearch) {
  const { tab: kind, sort, state, after, expiredAfter } = search;
  const wanted = { kind, sort, q: typed(search.q) || undefined, limit: pageSize };
  try {
    return await Promise.all([
      listTokens(who, { ...wanted, state, cursor: after ?? undefined }),
      listTokens(who, { ...wanted, state: "expired", cursor: expiredAfter ?? undefined }),
    ]);
  } catch (error) {
    // A cursor from another order or an old bookmark: the first page instead.
    if (error instanceof Refusal && error.field === "cursor")
      redirect(manageTokensHref({ ...search, after: null, expiredAfter: null }));
    throw error;
  }
}

/** A search as somebody could have typed it: an address can hold more and other characters than the field. */
const typed = (q: string) =>
  q
    .replace(/[\p{Cc}\p{Cs}]/gu, "")
    .trim()
    .slice(0, 100);
