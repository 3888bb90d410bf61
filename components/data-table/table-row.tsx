"use client";

import type { CellContext, Column, RowData, Row as TanStackRow } from "@tanstack/react-table";
import { memo, type ReactElement } from "react";
import { Checkbox } from "@/components/forms/choice";
import { IconButton } from "@/components/ui/button";
import type { Features } from "./definition";
import { menuButtonProps } from "./menu-button";

interface RowProps<Row extends RowData> {
  row: TanStackRow<Features, Row>;
  /** The visible ones. */
  columns: Column<Features, Row>[];
  name: string;
  isSelectable: boolean;
  isSelected: boolean;
  isMenuOpen: boolean;
  /** Without it rows have no menu. */
  onMenu?: (row: Row, anchor: HTMLElement, byKey: boolean) => void;
  onNearMenu: () => void;
}

/** One row. It does not render again when another row is selected or opens its menu. */
export const TableRow = memo(function TableRow<Row extends RowData>({
  row,
  columns,
  name,
  isSelectable,
  isSelected,
  isMenuOpen,
  onMenu,
  onNearMenu,
}: RowProps<Row>) {
  return (
    <tr data-selected={isSelected || undefined}>
      {isSelectable && (
        <td data-part="select">
          <Checkbox aria-label={`Select ${name}`} checked={isSelected} onChange={row.getToggleSelectedHandler()} />
        </td>
      )}
      {columns.map((column) => {
        const { header, meta, cell } = column.columnDef;
        const Cell = meta?.rowHeader ? "th" : "td";
        return (
          <Cell
            key={column.id}
            scope={meta?.rowHeader ? "row" : undefined}
            data-part={meta?.rowHeader ? "name" : undefined}
            data-label={header}
            data-hide-when-narrow={meta?.hideWhenNarrow}
          >
            {typeof cell === "function" ? cell(contextOf(row, column)) : cell}
          </Cell>
        );
      })}
      {onMenu && (
        <td data-part="menu">
          <IconButton
            label={`Actions for ${name}`}
            className="menu-dots"
            {...menuButtonProps({
              isOpen: isMenuOpen,
              onApproach: onNearMenu,
              onOpen: (anchor, byKey) => onMenu(row.original, anchor, byKey),
            })}
          />
        </td>
      )}
    </tr>
  );
}) as <Row extends RowData>(props: RowProps<Row>) => ReactElement;

/**
 * What `cell.getContext()` returns. TanStack makes a weak map for each row and a memory for each cell, and `flexRender` a
 * component: together that doubles the time of a table, so cells are called here, and the cell object is only made for a
 * column that asks for it.
 */
function contextOf<Row extends RowData>(
  row: TanStackRow<Features, Row>,
  column: Column<Features, Row>,
): CellContext<Features, Row> {
  return {
    row,
    column,
    table: row.table,
    getValue: <Value,>() => row.getValue<Value>(column.id),
    renderValue: <Value,>() => row.renderValue<Value>(column.id),
    get cell() {
      const cell = row.getAllCellsByColumnId()[column.id];
      if (!cell) throw new Error(`The table has no column ${column.id}.`);
      return cell;
    },
  };
}
