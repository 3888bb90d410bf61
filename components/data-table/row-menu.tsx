"use client";

import { Menu } from "@base-ui/react/menu";
import type { ReactNode } from "react";
import { MenuPopup } from "@/components/ui/menu";

/** The menu of one row, opened at the button that was pressed; the focus goes back to it. */
export default function RowMenu({
  anchor,
  name,
  onClose,
  children,
}: {
  anchor: HTMLElement;
  name: string;
  onClose: () => void;
  children: ReactNode;
}) {
  return (
    <Menu.Root open onOpenChange={(open) => !open && onClose()}>
      <MenuPopup anchor={anchor} label={`Actions for ${name}`} finalFocus={() => anchor}>
        {children}
      </MenuPopup>
    </Menu.Root>
  );
}
