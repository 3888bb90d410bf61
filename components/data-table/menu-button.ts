import type { ComponentProps } from "react";

/** What makes a button open a menu that is loaded on demand: by click, Enter, Space and the arrow down. */
export function menuButtonProps({
  isOpen,
  onApproach,
  onOpen,
}: {
  isOpen: boolean;
  /** Called when the pointer or the focus reaches the button, to load the menu ahead. */
  onApproach: () => void;
  onOpen: (anchor: HTMLElement, byKey: boolean) => void;
}): ComponentProps<"button"> {
  return {
    "aria-haspopup": "menu",
    "aria-expanded": isOpen,
    onPointerEnter: onApproach,
    onFocus: onApproach,
    // The click that a key or a screen reader causes has the detail 0.
    onClick: (event) => onOpen(event.currentTarget, event.detail === 0),
    onKeyDown: (event) => {
      if (event.key !== "ArrowDown") return;
      event.preventDefault();
      onOpen(event.currentTarget, true);
    },
  };
}
