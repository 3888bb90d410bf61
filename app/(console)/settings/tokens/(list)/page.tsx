import { Plus } from "lucide-react";
import type { SearchParams } from "nuqs/server";
import { RemoveOtherSessions } from "@/components/sessions/remove-others";
import { SessionTokens } from "@/components/sessions/session-tokens";
import { ApiTokens } from "@/components/tokens/api-tokens";
import { loadTokenSearch, manageTokensHref } from "@/components/tokens/search";
import { TokenFilters } from "@/components/tokens/token-filters";
import { ButtonLink } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { TabLinks } from "@/components/ui/tab-links";
import { requireActor } from "@/lib/auth/current-actor";
import { listTokens } from "@/lib/tokens/queries";

export const metadata = { title: "Manage Tokens" };

const pageSize = 25;

export default async function ManageTokensPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const who = await requireActor();
  const search = await loadTokenSearch(searchParams);
  const wanted = { kind: search.tab, q: search.q.slice(0, 100) || undefined, sort: search.sort, limit: pageSize };
  const [active, expired] = await Promise.all([
    listTokens(who, { ...wanted, state: search.state, cursor: search.after ?? undefined }),
    listTokens(who, { ...wanted, state: "expired", cursor: search.expiredAfter ?? undefined }),
  ]);
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
