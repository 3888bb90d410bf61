"use client";

import { CircleUserRound, Monitor } from "lucide-react";
import type { Column } from "@/components/data-table/columns";
import { RowLink } from "@/components/data-table/row-link";
import { Expires, LastUsed, StateOf } from "@/components/tokens/cells";
import type { TokenSearch } from "@/components/tokens/search";
import type { TokenPage } from "@/components/tokens/token-page";
import { TokenTables } from "@/components/tokens/token-tables";
import { EmptyState } from "@/components/ui/empty-state";
import { RelativeTime } from "@/components/ui/relative-time";
import type { TokenView } from "@/lib/tokens/schema";

/** The tab Session Tokens: where one is signed in now, then the sessions that are over. */
export function SessionTokens(page: { active: TokenPage; expired: TokenPage; search: TokenSearch }) {
  return (
    <TokenTables
      {...page}
      columns={columns}
      noneActive={
        <EmptyState icon={<Monitor aria-hidden />} title="No active session">
          Signing in to this server makes one.
        </EmptyState>
      }
      noneExpired="None. Sessions that ran out or were signed out are listed here until you remove them."
    />
  );
}

const columns: Column<TokenView>[] = [
  {
    header: "Device",
    sort: "name",
    rowHeader: true,
    cell: (token) => (
      <span className="inline-flex items-center gap-1.5">
        <RowLink href={`/settings/tokens/${token.id}`} className="rounded-[4px] hover:underline">
          {token.name}
        </RowLink>
        {token.current && (
          <span title="This session" className="text-clay-ink">
            <CircleUserRound aria-hidden className="size-4" />
            <span className="sr-only">This session</span>
          </span>
        )}
      </span>
    ),
  },
  {
    header: "Signed in",
    sort: "createdAt",
    sortsDescendingFirst: true,
    width: "w-[18%]",
    hideWhenNarrow: true,
    cell: (token) => <RelativeTime at={token.createdAt} />,
  },
  {
    header: "Last used",
    sort: "lastUsed",
    sortsDescendingFirst: true,
    width: "w-[26%]",
    cell: (token) => <LastUsed token={token} />,
  },
  {
    header: "Expires",
    sort: "expiresAt",
    width: "w-[18%]",
    cell: (token) => <Expires token={token} />,
  },
  {
    header: "Status",
    width: "w-27",
    cell: (token) => <StateOf token={token} />,
  },
];
