"use client";

import type { ColumnDef } from "@tanstack/react-table";
import { SearchX } from "lucide-react";
import { lazy, type ReactNode } from "react";
import type { features } from "@/components/data-table/columns";
import { DataTable } from "@/components/data-table/data-table";
import { Pager } from "@/components/data-table/pager";
import { Button, ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import type { TokenView } from "@/lib/tokens/schema";
import { manageTokensHref, sortedHref, type TokenSearch } from "./search";
import { useTokenChanges } from "./use-token-changes";
import { type Change, labelOf } from "./words";

// The menu's library weighs more than the rest of the page; it comes when somebody comes near a menu.
const fetchTokenMenu = () => import("./token-menu");
const TokenMenu = lazy(fetchTokenMenu);

/** The tokens of one table, and the cursor of its next page. */
export interface TokenPage {
  items: TokenView[];
  nextCursor: string | null;
}

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
  // biome-ignore lint/suspicious/noExplicitAny: each column has a value type of its own
  columns: ColumnDef<typeof features, TokenView, any>[];
  noneActive: ReactNode;
  noneExpired: ReactNode;
}) {
  const { start, isBusy, dialogs } = useTokenChanges();

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
              {labelOf(change, tokens)}
            </Button>
          )
        );
      }),
  };

  return (
    <>
      <DataTable
        {...common}
        title="Active"
        rows={active.items}
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
        title="Expired"
        rows={expired.items}
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

const changes: Change[] = ["enable", "disable", "remove"];

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
