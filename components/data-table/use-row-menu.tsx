"use client";

import type { RowData } from "@tanstack/react-table";
import { type ReactNode, useCallback, useState } from "react";
import type { Loadable } from "@/components/parts/loadable";
import { part, WhenLoaded } from "@/components/parts/part";
import type { TableDefinition } from "./definition";

const AnchoredMenu = part(() => import("./anchored-menu"));

/** The menu of each row. */
export interface RowMenuItems<Row extends RowData> {
  items: (row: Row) => ReactNode;
  /** What `items` shows if that is not part of the page. It is loaded when the pointer or the focus reaches a row's menu. */
  part?: Loadable;
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
  const itemsPart = menu?.part;
  const close = () => setOpen(null);
  return {
    openRowId: open && rowId(open.row),
    onOpen: useCallback((row: Row, anchor: HTMLElement, byKey: boolean) => setOpen({ row, anchor, byKey }), []),
    onApproach: useCallback(() => {
      AnchoredMenu.preload();
      itemsPart?.preload();
    }, [itemsPart]),
    popup: menu && open && (
      <WhenLoaded parts={menu.part ? [AnchoredMenu, menu.part] : [AnchoredMenu]} onClose={close}>
        {() => (
          <AnchoredMenu
            anchor={open.anchor}
            byKey={open.byKey}
            label={`Actions for ${rowName(open.row)}`}
            onClose={close}
          >
            {menu.items(open.row)}
          </AnchoredMenu>
        )}
      </WhenLoaded>
    ),
  };
}
