"use client";

import { SearchX } from "lucide-react";
import { type ReactNode, useState } from "react";
import { DataTable } from "@/components/data-table/data-table";
import type { TableDefinition } from "@/components/data-table/definition";
import { Pager } from "@/components/data-table/pager";
import { part } from "@/components/parts/part";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { amountOf, type TokenAction } from "./labels";
import type { ListedToken } from "./listed-token";
import { manageTokensHref, sortedHref, type TokenSearch } from "./search";
import type { TokenPage } from "./token-page";
import { useTokenChanges } from "./use-token-changes";

// The menu's library is larger than the rest of the page, so it is loaded when the pointer or the focus reaches a menu.
const TokenMenu = part(() => import("./token-menu"));
const SelectionActions = part(() => import("./selection-actions"));
const ChangeMatching = part(() => import("./change-matching"), {
  onClose: ({ onClose }) => onClose(),
});

/** The layout of a tab of Manage Tokens: the active table, then the expired one. */
export function TokenTab({
  active,
  expired,
  search,
  definition,
  noneActive,
  noneExpired,
}: {
  active: TokenPage;
  expired: TokenPage;
  search: TokenSearch;
  definition: TableDefinition<ListedToken>;
  noneActive: ReactNode;
  noneExpired: ReactNode;
}) {
  const { start, isBusy, dialogs } = useTokenChanges();
  const { startMatching, matchingDialog } = useMatchingDialog();
  const common = {
    definition,
    sort: { now: search.sort, href: sortedHref(search) },
    rowMenu: { items: (token: ListedToken) => <TokenMenu token={token} start={start} />, part: TokenMenu },
  };
  const selectionOf = (page: TokenPage) => ({
    actions: (selected: ListedToken[], clear: () => void) => (
      <SelectionActions
        selected={selected}
        isBusy={isBusy}
        onStart={(change, tokens) => start(change, tokens, clear)}
      />
    ),
    matching: page.total.count > page.items.length && {
      amount: amountOf(page.total),
      actions: (selected: ListedToken[], clear: () => void) => (
        <SelectionActions selected={selected} all={page} onStart={(change) => startMatching({ change, page, clear })} />
      ),
    },
  });

  return (
    <>
      {matchingDialog}
      <DataTable
        {...common}
        title="Active"
        rows={active.items}
        amount={shownAmount(active)}
        selection={selectionOf(active)}
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
        amount={shownAmount(expired)}
        selection={selectionOf(expired)}
        empty={<p className="text-muted">{search.q ? `No expired tokens match “${search.q}”.` : noneExpired}</p>}
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

const shownAmount = ({ total }: TokenPage) => (total.count > 0 ? amountOf(total) : undefined);

interface MatchingStart {
  change: TokenAction;
  page: TokenPage;
  clear: () => void;
}

/** The change of all tokens of a table: starts it, and holds its dialog and its progress. */
function useMatchingDialog() {
  const [pending, setPending] = useState<MatchingStart | null>(null);
  return {
    startMatching: setPending,
    matchingDialog: pending && (
      <ChangeMatching
        key={`${pending.change} ${pending.page.asOf}`}
        change={pending.change}
        page={pending.page}
        onStart={pending.clear}
        onClose={() => {
          setPending(null);
          pending.clear();
        }}
      />
    ),
  };
}

function NothingFound({ search: { tab, sort, q, state } }: { search: TokenSearch }) {
  const tokens = tab === "session" ? "session tokens" : "API tokens";
  const kind = state === "active" ? tokens : `${state} ${tokens}`;
  return (
    <EmptyState
      icon={<SearchX aria-hidden />}
      title={q ? `No ${kind} match “${q}”` : `No ${kind}`}
      action={<ButtonLink href={manageTokensHref({ tab, sort })}>Show all</ButtonLink>}
    />
  );
}
