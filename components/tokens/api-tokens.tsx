"use client";

import { createColumnHelper } from "@tanstack/react-table";
import { AppWindow, KeyRound } from "lucide-react";
import { ColumnsMenu } from "@/components/data-table/columns-menu";
import { defineTable, type Features } from "@/components/data-table/definition";
import { RowLink } from "@/components/data-table/row-link";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { RelativeTime } from "@/components/ui/relative-time";
import { Expires, Hint, LastUsed, Permissions, StateOf } from "./cells";
import type { ListedToken } from "./listed-token";
import type { TokenSearch } from "./search";
import type { PackedTokenPage } from "./token-page";
import { TokenTab } from "./token-tab";
import { useTokenPage } from "./use-token-page";

/** The tab API Tokens. */
export function ApiTokens({
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
      noneActive={<NoneActive hasExpired={expired.items.length > 0} />}
      noneExpired="No expired tokens. A token moves here when it expires, until you enable it again or remove it."
    />
  );
}

function NoneActive({ hasExpired }: { hasExpired: boolean }) {
  return (
    <EmptyState
      icon={<KeyRound aria-hidden />}
      title={hasExpired ? "No active API tokens" : "No API tokens yet"}
      action={
        <ButtonLink href="/settings/tokens/new" variant="primary">
          New token
        </ButtonLink>
      }
    >
      An API token lets a program act in your name, within the permissions you give it.
      {hasExpired && " Your expired tokens are below. Enable one to give it a new expiration."}
    </EmptyState>
  );
}

const column = createColumnHelper<Features, ListedToken>();

const definition = defineTable<ListedToken>({
  id: "api-tokens",
  rowId: (token) => token.id,
  rowName: (token) => token.name,
  columns: [
    column.accessor("name", {
      header: "Name",
      meta: { sort: "asc", width: "w-[20%]", rowHeader: true },
      cell: ({ row }) => <NameOf token={row.original} />,
    }),
    column.display({
      id: "token",
      header: "Token",
      meta: { width: "w-23", hideWhenNarrow: true },
      cell: ({ row }) => <Hint token={row.original} />,
    }),
    column.display({
      id: "permissions",
      header: "Permissions",
      cell: ({ row }) => <Permissions token={row.original} />,
    }),
    column.accessor("createdAt", {
      header: "Created",
      meta: { sort: "desc", width: "w-30", hideWhenNarrow: true },
      cell: ({ row }) => <RelativeTime at={row.original.createdAt} />,
    }),
    column.accessor("expiresAt", {
      header: "Expires",
      meta: { sort: "asc", width: "w-30" },
      cell: ({ row }) => <Expires token={row.original} />,
    }),
    column.accessor("lastUsed", {
      header: "Last used",
      meta: { sort: "desc", width: "w-[14%]" },
      cell: ({ row }) => <LastUsed token={row.original} />,
    }),
    column.display({
      id: "status",
      header: "Status",
      meta: { width: "w-24" },
      cell: ({ row }) => <StateOf token={row.original} />,
    }),
  ],
});

/** The Columns menu of the API tokens. */
export const ApiTokenColumns = () => <ColumnsMenu of={definition} />;

/** The name as a link, with the app that the token belongs to and the description. */
function NameOf({ token }: { token: ListedToken }) {
  return (
    <>
      <RowLink
        href={`/settings/tokens/${token.id}`}
        title={token.name}
        className="line-clamp-2 min-h-6 leading-6 hover:underline"
      >
        {token.name}
      </RowLink>
      {token.app && (
        <RowLink
          href={`/apps/${token.app.slug}`}
          className="flex min-h-6 w-fit max-w-full items-center gap-1 rounded-[4px] text-sm font-normal text-muted hover:text-ink"
        >
          <AppWindow aria-hidden className="size-3.5 shrink-0" />
          <span className="sr-only">App: </span>
          <span className="truncate">/a/{token.app.slug}</span>
        </RowLink>
      )}
      {token.description && (
        <div title={token.description} className="line-clamp-1 text-sm font-normal text-muted">
          {token.description}
        </div>
      )}
    </>
  );
}
