"use client";

import { SearchX } from "lucide-react";
import { lazy, type ReactNode, Suspense, useState } from "react";
import type { Column } from "@/components/data-table/columns";
import { DataTable } from "@/components/data-table/data-table";
import { Pager } from "@/components/data-table/pager";
import { Button } from "@/components/ui/button";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import type { TokenView } from "@/lib/tokens/schema";
import { amountOf, countIn, countOf, labelOf, type TokenAction } from "./labels";
import { manageTokensHref, sortedHref, type TokenSearch } from "./search";
import type { TokenPage } from "./token-page";
import { useTokenChanges } from "./use-token-changes";

// The menu's library weighs more than the rest of the page; it comes when somebody comes near a menu.
const fetchTokenMenu = () => import("./token-menu");
const TokenMenu = lazy(fetchTokenMenu);
const MatchingChange = lazy(() => import("./bulk-change"));

/** One tab of Manage Tokens: the active table, then the expired one, with everything that can be done to their rows. */
export function TokenTables({
  active,
  expired,
  search,
  columns,
  noneActive,
  noneExpired,
}: {
  active: TokenPage;
  expired: TokenPage;
  search: TokenSearch;
  columns: Column<TokenView>[];
  noneActive: ReactNode;
  noneExpired: ReactNode;
}) {
  const { start, isBusy, dialogs } = useTokenChanges();
  const [sweep, setSweep] = useState<{ change: TokenAction; page: TokenPage; clear: () => void } | null>(null);

  const common = {
    columns,
    nameOf: (token: TokenView) => token.name,
    sort: { now: search.sort, href: sortedHref(search) },
    rowMenu: (token: TokenView) => <TokenMenu token={token} start={start} />,
    fetchRowMenu: fetchTokenMenu,
    // Each button names how many of the selected it is for.
    selectionActions: (selected: TokenView[], clear: () => void) =>
      changes.map((change) => {
        const tokens = selected.filter((token) => token.can[change]);
        return (
          tokens.length > 0 && (
            <Button key={change} size="sm" busy={isBusy} onClick={() => start(change, tokens, clear)}>
              {labelOf(change, countIn(tokens))}
            </Button>
          )
        );
      }),
  };

  /** The rows of one table, how many there are in all, and what can be done with all of them at once. */
  const rowsOf = (page: TokenPage) => ({
    rows: page.items,
    amount: page.total.count > 0 ? amountOf(page.total) : undefined,
    matching: page.total.count > page.items.length && {
      amount: amountOf(page.total),
      actions: (selected: TokenView[], clear: () => void) =>
        changes.map(
          (change) =>
            selected.some((token) => token.can[change]) && (
              <Button key={change} size="sm" onClick={() => setSweep({ change, page, clear })}>
                {labelOf(change, countOf(page.match.kind, page.total))}
              </Button>
            ),
        ),
    },
  });

  return (
    <>
      {sweep && (
        <Suspense>
          <MatchingChange
            key={`${sweep.change} ${sweep.page.asOf}`}
            change={sweep.change}
            page={sweep.page}
            onStart={sweep.clear}
            onClose={() => {
              setSweep(null);
              sweep.clear();
            }}
          />
        </Suspense>
      )}
      <DataTable
        {...common}
        {...rowsOf(active)}
        title="Active"
        empty={search.q || search.state !== "active" ? <NothingFound search={search} /> : noneActive}
        footer={
          <Pager
            name="the active table"
            first={search.after && manageTokensHref({ ...search, after: null })}
            next={active.nextCursor && manageTokensHref({ ...search, after: active.nextCursor })}
          />
        }
      />
      <DataTable
        {...common}
        {...rowsOf(expired)}
        title="Expired"
        empty={<p className="text-muted">{search.q ? `Nothing expired matches “${search.q}”.` : noneExpired}</p>}
        footer={
          <Pager
            name="the expired table"
            first={search.expiredAfter && manageTokensHref({ ...search, expiredAfter: null })}
            next={expired.nextCursor && manageTokensHref({ ...search, expiredAfter: expired.nextCursor })}
          />
        }
      />
      {dialogs}
    </>
  );
}

const changes: TokenAction[] = ["enable", "disable", "remove"];

function NothingFound({ search: { tab, sort, q, state } }: { search: TokenSearch }) {
  return (
    <EmptyState
      icon={<SearchX aria-hidden />}
      title={[q ? `Nothing matches “${q}”` : "Nothing here", state !== "active" && `that is ${state}`]
        .filter(Boolean)
        .join(" ")}
      action={<ButtonLink href={manageTokensHref({ tab, sort })}>Show all</ButtonLink>}
    />
  );
}
