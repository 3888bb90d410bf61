"use client";

import { lazy, type ReactNode } from "react";
import type { Column } from "@/components/data-table/columns";
import { DataTable } from "@/components/data-table/data-table";
import { Pager } from "@/components/data-table/pager";
import { RowLink } from "@/components/data-table/row-link";
import { Button } from "@/components/ui/button";
import type { AppView } from "@/lib/apps/schema";
import { AppStatus } from "./app-status";
import { AppExpires, appPath, LastRun } from "./cells";
import { type AppAction, labelOf } from "./labels";
import { type AppSearch, appsHref, sortedAppsHref } from "./search";
import { useAppChanges } from "./use-app-changes";

const fetchAppMenu = () => import("./app-menu");
const AppMenu = lazy(fetchAppMenu);

type Row = AppView & { id: string };

/** A page of apps, with everything that can be done to one or several. */
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
        title="Apps you manage"
        rows={apps.items.map((app) => ({ ...app, id: app.slug }))}
        columns={columns}
        nameOf={(app) => app.name}
        sort={{ now: search.sort, href: sortedAppsHref(search) }}
        rowMenu={(app) => <AppMenu app={app} start={start} />}
        fetchRowMenu={fetchAppMenu}
        // Each button names how many of the selected it is for.
        selectionActions={(selected, clear) =>
          changes.map((change) => {
            const able = selected.filter((app) => app.can[change]);
            return (
              able.length > 0 && (
                <Button key={change} size="sm" busy={isBusy} onClick={() => start(change, able, clear)}>
                  {labelOf(change, able)}
                </Button>
              )
            );
          })
        }
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

const columns: Column<Row>[] = [
  {
    header: "Name",
    sort: "name",
    rowHeader: true,
    width: "w-[20%]",
    cell: (app) => (
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
  },
  {
    header: "Workspace",
    cell: (app) => (
      <span>
        <span className="text-muted">{app.repository}/</span>
        {app.workspace}
      </span>
    ),
  },
  {
    header: "URL",
    cell: (app) => (
      <RowLink
        href={appPath(app.slug)}
        title={appPath(app.slug)}
        className="line-clamp-2 min-h-6 rounded-[4px] py-0.5 break-all text-clay-ink underline underline-offset-2"
      >
        {appPath(app.slug)}
      </RowLink>
    ),
  },
  {
    header: "Status",
    width: "w-34",
    cell: (app) => <AppStatus app={app} />,
  },
  {
    header: "Expires",
    sort: "expiresAt",
    width: "w-28",
    cell: (app) => <AppExpires app={app} />,
  },
  {
    header: "Runs",
    sort: "runs",
    sortsDescendingFirst: true,
    width: "w-20",
    hideWhenNarrow: true,
    cell: (app) => <span className="tabular-nums">{app.runs.toLocaleString("en")}</span>,
  },
  {
    header: "Last run",
    sort: "lastRunAt",
    sortsDescendingFirst: true,
    width: "w-30",
    hideWhenNarrow: true,
    cell: (app) => <LastRun app={app} />,
  },
];
