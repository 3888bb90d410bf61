"use client";

import { type KeyboardEvent, memo, type ReactElement } from "react";
import { Checkbox } from "@/components/forms/choice";
import { IconButton } from "@/components/ui/button";
import type { Column } from "./columns";

interface RowProps<Row> {
  row: Row;
  columns: Column<Row>[];
  name: string;
  isSelected: boolean;
  isMenuOpen: boolean;
  /** Puts a row in or takes it out; with Shift, the range. Without it rows cannot be selected. */
  onSelect?: (id: string, isIn: boolean, isRange: boolean) => void;
  /** Without it rows have no menu. */
  onMenu?: (row: Row, anchor: HTMLElement, byKey: boolean) => void;
  onNearMenu: () => void;
}

/** One row. Most of what happens to a table is about other rows: then this one is not made anew. */
export const TableRow = memo(function TableRow<Row extends { id: string }>({
  row,
  columns,
  name,
  isSelected,
  isMenuOpen,
  onSelect,
  onMenu,
  onNearMenu,
}: RowProps<Row>) {
  return (
    <tr data-selected={isSelected || undefined}>
      {onSelect && (
        <td data-part="select">
          <Checkbox
            aria-label={`Select ${name}`}
            checked={isSelected}
            onChange={({ target, nativeEvent }) =>
              onSelect(row.id, target.checked, (nativeEvent as Partial<MouseEvent>).shiftKey === true)
            }
          />
        </td>
      )}
      {columns.map(({ header, cell, rowHeader: isName, hideWhenNarrow: yields }) => {
        const Cell = isName ? "th" : "td";
        return (
          <Cell
            key={header}
            scope={isName ? "row" : undefined}
            data-part={isName ? "name" : "value"}
            data-label={header}
            data-yields={yields}
          >
            {cell(row)}
          </Cell>
        );
      })}
      {onMenu && (
        <td data-part="menu">
          <RowMenuButton
            name={name}
            open={isMenuOpen}
            onNear={onNearMenu}
            onOpen={(anchor, byKey) => onMenu(row, anchor, byKey)}
          />
        </td>
      )}
    </tr>
  );
}) as <Row extends { id: string }>(props: RowProps<Row>) => ReactElement;

/** One menu serves all rows; each row has only this button. What it opens is fetched as soon as one comes near. */
function RowMenuButton({
  name,
  open,
  onNear,
  onOpen,
}: {
  name: string;
  open: boolean;
  onNear: () => void;
  onOpen: (anchor: HTMLElement, byKey: boolean) => void;
}) {
  const openBelow = (event: KeyboardEvent<HTMLButtonElement>) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    onOpen(event.currentTarget, true);
  };
  return (
    <IconButton
      label={`Actions for ${name}`}
      aria-haspopup="menu"
      aria-expanded={open}
      onPointerEnter={onNear}
      onFocus={onNear}
      // A click by Enter, Space or a screen reader is the first of no clicks.
      onClick={(event) => onOpen(event.currentTarget, event.detail === 0)}
      onKeyDown={openBelow}
    >
      {dots}
    </IconButton>
  );
}

// As plain shapes: an icon's component for each row is felt when the page comes to life.
const dots = (
  <svg aria-hidden="true" viewBox="0 0 24 24" fill="currentColor">
    <circle cx="5" cy="12" r="2" />
    <circle cx="12" cy="12" r="2" />
    <circle cx="19" cy="12" r="2" />
  </svg>
);
