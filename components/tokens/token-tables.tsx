"use client";

import type { ColumnDef } from "@tanstack/react-table";
import { Power, PowerOff, SearchX, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import type { features } from "@/components/data-table/columns";
import { DataTable } from "@/components/data-table/data-table";
import { Pager } from "@/components/data-table/pager";
import { Button, ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { MenuItem, MenuSeparator } from "@/components/ui/menu";
import type { TokenView } from "@/lib/tokens/schema";
import { manageTokensHref, sortedHref, type TokenSearch } from "./search";
import { useTokenChanges } from "./use-token-changes";
import { type Change, labelOf } from "./words";

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
  links,
  noneActive,
  noneExpired,
}: {
  active: TokenPage;
  expired: TokenPage;
  search: TokenSearch;
  // biome-ignore lint/suspicious/noExplicitAny: each column has a value type of its own
  columns: ColumnDef<typeof features, TokenView, any>[];
  /** The first items of a row's menu: where one can go from it. */
  links: (token: TokenView) => ReactNode;
  noneActive: ReactNode;
  noneExpired: ReactNode;
}) {
  const { start, isBusy, dialogs } = useTokenChanges();

  const common = {
    columns,
    nameOf: (token: TokenView) => token.name,
    sort: { now: search.sort, href: sortedHref(search) },
    rowMenu: (token: TokenView) => (
      <>
        {links(token)}
        {token.can.enable && (
          <MenuItem icon={<Power aria-hidden />} onClick={() => start("enable", [token])}>
            {token.state === "expired" ? "Enable…" : "Enable"}
          </MenuItem>
        )}
        {token.can.disable && (
          <MenuItem icon={<PowerOff aria-hidden />} onClick={() => start("disable", [token])}>
            {token.current ? "Disable…" : "Disable"}
          </MenuItem>
        )}
        <MenuSeparator />
        <MenuItem icon={<Trash2 aria-hidden />} onClick={() => start("remove", [token])}>
          Remove…
        </MenuItem>
      </>
    ),
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
