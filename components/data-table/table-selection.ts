import type { RowData } from "@tanstack/react-table";
import type { ReactNode } from "react";

/** What can be done with rows that are selected. */
export interface TableSelection<Row extends RowData> {
  /** The buttons of the bar that replaces the heading while rows are selected. */
  actions: (selected: Row[], clear: () => void) => ReactNode;
  /** What can be done with all that the list holds beyond this page; offered once every row here is selected. */
  matching?: { amount: string; actions: (selected: Row[], clear: () => void) => ReactNode } | false;
}
