"use client";

import { lazy, Suspense, useState } from "react";
import { Button } from "@/components/ui/button";
import { Icon } from "@/components/ui/icon";
import * as shapes from "@/components/ui/icon-shapes";
import type { HideableColumn } from "./definition";
import { menuButtonProps } from "./menu-button";

const loadColumnsPopup = () => import("./columns-popup");
const ColumnsPopup = lazy(loadColumnsPopup);

/** A button that opens the menu of a table's columns, at the right of its filters. */
export function ColumnsMenu({ of: table }: { of: { id: string; hideable: HideableColumn[] } }) {
  const [open, setOpen] = useState<{ anchor: HTMLElement; byKey: boolean } | null>(null);
  return (
    <>
      <Button
        variant="quiet"
        icon={<Icon of={shapes.columns3} />}
        className="max-sm:w-8 max-sm:px-0 aria-expanded:bg-sunken aria-expanded:text-ink"
        {...menuButtonProps({
          isOpen: open !== null,
          onApproach: loadColumnsPopup,
          onOpen: (anchor, byKey) => setOpen({ anchor, byKey }),
        })}
      >
        <span className="max-sm:sr-only">Columns</span>
      </Button>
      {open && (
        <Suspense>
          <ColumnsPopup {...open} table={table} onClose={() => setOpen(null)} />
        </Suspense>
      )}
    </>
  );
}
