"use client";

import { Columns3 } from "lucide-react";
import { useState } from "react";
import { part } from "@/components/parts/part";
import { Button } from "@/components/ui/button";
import type { HideableColumn } from "./definition";
import { menuButtonProps } from "./menu-button";

const ColumnsPopup = part(() => import("./columns-popup"), {
  onClose: ({ onClose }) => onClose(),
});

/** A button that opens the menu of a table's columns, at the right of its filters. */
export function ColumnsMenu({ of: table }: { of: { id: string; hideable: HideableColumn[] } }) {
  const [open, setOpen] = useState<{ anchor: HTMLElement; byKey: boolean } | null>(null);
  return (
    <>
      <Button
        variant="quiet"
        icon={<Columns3 aria-hidden />}
        className="max-sm:w-8 max-sm:px-0 aria-expanded:bg-sunken aria-expanded:text-ink"
        {...menuButtonProps({
          isOpen: open !== null,
          onApproach: ColumnsPopup.preload,
          onOpen: (anchor, byKey) => setOpen({ anchor, byKey }),
        })}
      >
        <span className="max-sm:sr-only">Columns</span>
      </Button>
      {open && <ColumnsPopup {...open} table={table} onClose={() => setOpen(null)} />}
    </>
  );
}
