import { createColumnHelper, metaHelper, rowSelectionFeature, tableFeatures } from "@tanstack/react-table";

interface ColumnLook {
  /** The key that the list sorts by; without it the column has no sort link. */
  sort?: string;
  /** Dates are wanted newest first. */
  sortsDescendingFirst?: boolean;
  /** The width of the column, by class. Tables have a fixed layout; one column takes what is left. */
  width?: string;
  /** Gives way where the table is narrow. Cards show it. */
  yields?: boolean;
  /** The cell that names the row: its header in the table, its title in a card. */
  isName?: boolean;
}

export const features = tableFeatures({ rowSelectionFeature, columnMeta: metaHelper<ColumnLook>() });

/** A typed helper for the columns of a `DataTable`. Define columns at module scope, so that they stay the same. */
export const columnsOf = <Row extends object>() => createColumnHelper<typeof features, Row>();
