"use client";

import { Menu } from "@base-ui/react/menu";
import { type ReactNode, useRef } from "react";
import { MenuPopup } from "@/components/ui/menu";

/**
 * A menu that is loaded and opened when its button, `anchor`, is pressed; the focus returns to the button. Opened by a key,
 * its first item has the focus.
 */
export default function AnchoredMenu({
  anchor,
  byKey,
  label,
  onClose,
  children,
}: {
  anchor: HTMLElement;
  byKey: boolean;
  label: string;
  onClose: () => void;
  children: ReactNode;
}) {
  const popup = useRef<HTMLDivElement>(null);
  // The library focuses the first item only for a trigger of its own. A focus that has moved on by then stays.
  const focusFirst = () => {
    const items = [...(popup.current?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? [])];
    if (!items.some((item) => item === document.activeElement)) items[0]?.focus();
  };
  return (
    <Menu.Root
      open
      onOpenChange={(open) => !open && onClose()}
      onOpenChangeComplete={(open) => open && byKey && focusFirst()}
    >
      <MenuPopup popup={popup} anchor={anchor} label={label} finalFocus={() => anchor}>
        {children}
      </MenuPopup>
    </Menu.Root>
  );
}
