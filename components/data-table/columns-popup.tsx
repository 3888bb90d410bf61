"use client";

import { MenuCheckboxItem } from "@/components/ui/menu";
import AnchoredMenu from "./anchored-menu";
import type { HideableColumn } from "./definition";
import { useColumnVisibility } from "./use-column-visibility";

/** The menu that shows and hides columns. It stays open, so that several can be changed. */
export default function ColumnsPopup({
  table,
  ...menu
}: {
  table: { id: string; hideable: HideableColumn[] };
  anchor: HTMLElement;
  byKey: boolean;
  onClose: () => void;
}) {
  const { visibility, setVisible } = useColumnVisibility(table);
  return (
    <AnchoredMenu {...menu} label="Columns">
      {table.hideable.map(({ id, label }) => (
        <MenuCheckboxItem
          key={id}
          checked={visibility[id] !== false}
          onCheckedChange={(isVisible) => setVisible(id, isVisible)}
        >
          {label}
        </MenuCheckboxItem>
      ))}
    </AnchoredMenu>
  );
}
