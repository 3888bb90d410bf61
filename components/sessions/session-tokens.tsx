"use client";

import { createColumnHelper } from "@tanstack/react-table";
import { CircleUserRound, Monitor } from "lucide-react";
import { ColumnsMenu } from "@/components/data-table/columns-menu";
import { defineTable, type Features } from "@/components/data-table/definition";
import { RowLink } from "@/components/data-table/row-link";
import { Expires, LastUsed, StateOf } from "@/components/tokens/cells";
import type { ListedToken } from "@/components/tokens/listed-token";
import type { TokenSearch } from "@/components/tokens/search";
import type { PackedTokenPage } from "@/components/tokens/token-page";
import { TokenTab } from "@/components/tokens/token-tab";
import { useTokenPage } from "@/components/tokens/use-token-page";
import { EmptyState } from "@/components/ui/empty-state";
import { RelativeTime } from "@/components/ui/relative-time";

/** The tab Session Tokens: active sessions, then ended ones. */
export function SessionTokens({
  search,
  ...packed
}: {
  active: PackedTokenPage;
  expired: PackedTokenPage;
  search: TokenSearch;
}) {
  const active = useTokenPage(packed.active);
  const expired = useTokenPage(packed.expired);
  return (
    <TokenTab
      active={active}
      expired={expired}
      search={search}
      definition={definition}
      noneActive={
        <EmptyState icon={<Monitor aria-hidden />} title="No active sessions">
          Signing in to this server creates one.
        </EmptyState>
      }
      noneExpired="No expired sessions. Sessions that expired or were signed out are listed here until you remove them."
    />
  );
}

const column = createColumnHelper<Features, ListedToken>();

const definition = defineTable<ListedToken>({
  id: "session-tokens",
  rowId: (token) => token.id,
  rowName: (token) => token.name,
  columns: [
    column.accessor("name", {
      header: "Device",
      meta: { sort: "asc", rowHeader: true },
      cell: ({ row }) => <DeviceOf token={row.original} />,
    }),
    column.accessor("createdAt", {
      header: "Signed in",
      meta: { sort: "desc", width: "w-[18%]", hideWhenNarrow: true },
      cell: ({ row }) => <RelativeTime at={row.original.createdAt} />,
    }),
    column.accessor("lastUsed", {
      header: "Last used",
      meta: { sort: "desc", width: "w-[26%]" },
      cell: ({ row }) => <LastUsed token={row.original} />,
    }),
    column.accessor("expiresAt", {
      header: "Expires",
      meta: { sort: "asc", width: "w-[18%]" },
      cell: ({ row }) => <Expires token={row.original} />,
    }),
    column.display({
      id: "status",
      header: "Status",
      meta: { width: "w-27" },
      cell: ({ row }) => <StateOf token={row.original} />,
    }),
  ],
});

/** The Columns menu of the session tokens. */
export const SessionTokenColumns = () => <ColumnsMenu of={definition} />;

function DeviceOf({ token }: { token: ListedToken }) {
  return (
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
  );
}
