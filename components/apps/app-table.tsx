"use client";

import { createColumnHelper } from "@tanstack/react-table";
import type { ReactNode } from "react";
import { ColumnsMenu } from "@/components/data-table/columns-menu";
import { DataTable } from "@/components/data-table/data-table";
import { defineTable, type Features } from "@/components/data-table/definition";
import { Pager } from "@/components/data-table/pager";
import { RowLink } from "@/components/data-table/row-link";
import { part } from "@/components/parts/part";
import { Button } from "@/components/ui/button";
import type { AppView } from "@/lib/apps/schema";
import { AppStatus } from "./app-status";
import { AppExpires, appPath, LastRun } from "./cells";
import { type AppAction, labelOf } from "./labels";
import { type AppSearch, appsHref, sortedAppsHref } from "./search";
import { useAppChanges } from "./use-app-changes";

const AppMenu = part(() => import("./app-menu"));

/** A page of apps with the actions for one or several. */
export function AppTable({
  apps,
  search,
  empty,
}: {
  apps: { items: AppView[]; nextCursor: string | null };
  search: AppSearch;
  empty: ReactNode;
}) {
  const { start, isBusy, dialogs } = useAppChanges();
  return (
    <>
      <DataTable
        definition={definition}
        title="Apps you manage"
        rows={apps.items}
        sort={{ now: search.sort, href: sortedAppsHref(search) }}
        rowMenu={{ items: (app) => <AppMenu app={app} start={start} />, part: AppMenu }}
        selection={{
          // Each button says how many of the selected apps it applies to.
          actions: (selected, clear) =>
            changes.map((change) => {
              const able = selected.filter((app) => app.can[change]);
              return (
                able.length > 0 && (
                  <Button key={change} size="sm" busy={isBusy} onClick={() => start(change, able, clear)}>
                    {labelOf(change, able)}
                  </Button>
                )
              );
            }),
        }}
        empty={empty}
        footer={
          <Pager
            name="the apps"
            first={search.after && appsHref({ ...search, after: null })}
            next={apps.nextCursor && appsHref({ ...search, after: apps.nextCursor })}
          />
        }
      />
      {dialogs}
    </>
  );
}

const changes: AppAction[] = ["enable", "disable", "expire", "remove"];

const column = createColumnHelper<Features, AppView>();

const definition = defineTable<AppView>({
  id: "apps",
  rowId: (app) => app.slug,
  rowName: (app) => app.name,
  columns: [
    column.accessor("name", {
      header: "Name",
      meta: { sort: "asc", width: "w-[20%]", rowHeader: true },
      cell: ({ row: { original: app } }) => (
        <>
          <RowLink href={`/apps/${app.slug}`} title={app.name} className="line-clamp-2 rounded-[4px] hover:underline">
            {app.name}
          </RowLink>
          {app.description && (
            <div title={app.description} className="line-clamp-1 text-sm font-normal text-muted">
              {app.description}
            </div>
          )}
        </>
      ),
    }),
    column.display({
      id: "workspace",
      header: "Workspace",
      cell: ({ row: { original: app } }) => (
        <span>
          <span className="text-muted">{app.repository}/</span>
          {app.workspace}
        </span>
      ),
    }),
    column.display({
      id: "url",
      header: "URL",
      cell: ({ row: { original: app } }) => (
        <RowLink
          href={appPath(app.slug)}
          title={appPath(app.slug)}
          className="line-clamp-2 min-h-6 rounded-[4px] py-0.5 break-all text-clay-ink underline underline-offset-2"
        >
          {appPath(app.slug)}
        </RowLink>
      ),
    }),
    column.display({
      id: "status",
      header: "Status",
      meta: { width: "w-34" },
      cell: ({ row }) => <AppStatus app={row.original} />,
    }),
    column.accessor("expiresAt", {
      header: "Expires",
      meta: { sort: "asc", width: "w-28" },
      cell: ({ row }) => <AppExpires app={row.original} />,
    }),
    column.accessor("runs", {
      header: "Runs",
      meta: { sort: "desc", width: "w-20", hideWhenNarrow: true },
      cell: ({ getValue }) => <span className="tabular-nums">{getValue().toLocaleString("en")}</span>,
    }),
    column.accessor("lastRunAt", {
      header: "Last run",
      meta: { sort: "desc", width: "w-30", hideWhenNarrow: true },
      cell: ({ row }) => <LastRun app={row.original} />,
    }),
  ],
});

/** The Columns menu of the apps. */
export const AppColumns = () => <ColumnsMenu of={definition} />;
