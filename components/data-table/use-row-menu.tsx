"use client";

import type { RowData } from "@tanstack/react-table";
import { lazy, type ReactNode, Suspense, useCallback, useState } from "react";
import type { TableDefinition } from "./definition";

const loadAnchoredMenu = () => import("./anchored-menu");
const AnchoredMenu = lazy(loadAnchoredMenu);

/** The menu of each row. */
export interface RowMenuItems<Row extends RowData> {
  items: (row: Row) => ReactNode;
  /** Loads what `items` needs if that is not part of the page; called when the pointer or the focus reaches a row's menu. */
  load?: () => Promise<unknown>;
}

interface OpenMenu<Row extends RowData> {
  row: Row;
  anchor: HTMLElement;
  byKey: boolean;
}

/** The one menu that serves all rows: for which row it is open, how to open it, and its popup. */
export function useRowMenu<Row extends RowData>(
  menu: RowMenuItems<Row> | undefined,
  { rowId, rowName }: Pick<TableDefinition<Row>, "rowId" | "rowName">,
) {
  const [open, setOpen] = useState<OpenMenu<Row> | null>(null);
  const load = menu?.load;
  return {
    openRowId: open && rowId(open.row),
    onOpen: useCallback((row: Row, anchor: HTMLElement, byKey: boolean) => setOpen({ row, anchor, byKey }), []),
    onApproach: useCallback(() => Promise.all([loadAnchoredMenu(), load?.()]), [load]),
    popup: menu && open && (
      <Suspense>
        <AnchoredMenu
          anchor={open.anchor}
          byKey={open.byKey}
          label={`Actions for ${rowName(open.row)}`}
          onClose={() => setOpen(null)}
        >
          {menu.items(open.row)}
        </AnchoredMenu>
      </Suspense>
    ),
  };
}
