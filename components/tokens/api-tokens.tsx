"use client";

import { AppWindow, KeyRound } from "lucide-react";
import type { Column } from "@/components/data-table/columns";
import { RowLink } from "@/components/data-table/row-link";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { RelativeTime } from "@/components/ui/relative-time";
import type { TokenView } from "@/lib/tokens/schema";
import { Expires, Hint, LastUsed, Permissions, StateOf } from "./cells";
import type { TokenSearch } from "./search";
import type { TokenPage } from "./token-page";
import { TokenTables } from "./token-tables";

/** The tab API Tokens. */
export function ApiTokens(page: { active: TokenPage; expired: TokenPage; search: TokenSearch }) {
  return (
    <TokenTables
      {...page}
      columns={columns}
      noneActive={<NoneActive hasExpired={page.expired.items.length > 0} />}
      noneExpired="None. A token moves here when it expires, and stays until you enable it anew or remove it."
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
      {hasExpired && " Your expired ones are below; enabling one gives it a new expiration."}
    </EmptyState>
  );
}

const columns: Column<TokenView>[] = [
  {
    header: "Name",
    sort: "name",
    rowHeader: true,
    width: "w-[20%]",
    cell: (token) => (
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
    ),
  },
  {
    header: "Value",
    width: "w-23",
    hideWhenNarrow: true,
    cell: (token) => <Hint token={token} />,
  },
  { header: "Permissions", cell: (token) => <Permissions token={token} /> },
  {
    header: "Created",
    sort: "createdAt",
    sortsDescendingFirst: true,
    width: "w-30",
    hideWhenNarrow: true,
    cell: (token) => <RelativeTime at={token.createdAt} />,
  },
  {
    header: "Expires",
    sort: "expiresAt",
    width: "w-30",
    cell: (token) => <Expires token={token} />,
  },
  {
    header: "Last used",
    sort: "lastUsed",
    sortsDescendingFirst: true,
    width: "w-[14%]",
    cell: (token) => <LastUsed token={token} />,
  },
  {
    header: "Status",
    width: "w-24",
    cell: (token) => <StateOf token={token} />,
  },
];
