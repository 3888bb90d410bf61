"use client";

import { Menu } from "@base-ui/react/menu";
import { type ReactNode, useRef } from "react";
import { MenuPopup } from "@/components/ui/menu";

/**
 * The menu of one row, opened at the button that was pressed; the focus goes back to it. Opened by a key, its first item has
 * the focus.
 */
export default function RowMenu({
  anchor,
  byKey,
  name,
  onClose,
  children,
}: {
  anchor: HTMLElement;
  byKey: boolean;
  name: string;
  onClose: () => void;
  children: ReactNode;
}) {
  const popup = useRef<HTMLDivElement>(null);
  // The library does so for a trigger of its own only. Whoever has moved on by then stays there.
  const focusFirst = () => {
    const items = [...(popup.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
    if (!items.some((item) => item === document.activeElement)) items[0]?.focus();
  };
  return (
    <Menu.Root
      open
      onOpenChange={(open) => !open && onClose()}
      onOpenChangeComplete={(open) => open && byKey && focusFirst()}
    >
      <MenuPopup popup={popup} anchor={anchor} label={`Actions for ${name}`} finalFocus={() => anchor}>
        {children}
      </MenuPopup>
    </Menu.Root>
  );
}
