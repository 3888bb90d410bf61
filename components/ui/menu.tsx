"use client";

import { Menu as Base } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import Link from "next/link";
import type { ComponentProps, ReactNode, Ref } from "react";
import { cx } from "./cx";

/**
 * The popup of a menu at `anchor`. After it closes, the focus returns to `finalFocus`. Its children are `MenuItem`,
 * `MenuLink`, `MenuCheckboxItem` and `MenuSeparator`.
 */
export function MenuPopup({
  label,
  popup,
  finalFocus,
  children,
  ...positioner
}: {
  label?: string;
  popup?: Ref<HTMLDivElement>;
  finalFocus?: ComponentProps<typeof Base.Popup>["finalFocus"];
} & ComponentProps<typeof Base.Positioner>) {
  return (
    <Base.Portal container={mainContent()}>
      <Base.Positioner sideOffset={4} align="end" collisionPadding={8} {...positioner} className="z-50 outline-none">
        <Base.Popup
          ref={popup}
          aria-label={label}
          finalFocus={finalFocus}
          className="popup min-w-44 p-1 outline-none transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0"
        >
          {children}
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  );
}

/** The popup is placed in the main content, where users of screen readers who navigate by landmarks find it. */
const mainContent = () =>
  typeof document === "undefined" ? undefined : (document.getElementById("content") ?? undefined);

/** An action. Use `tone="danger"` if it cannot be undone. */
export function MenuItem({
  icon,
  tone,
  children,
  ...rest
}: { icon?: ReactNode; tone?: "danger" } & Omit<ComponentProps<typeof Base.Item>, "className">) {
  return (
    <Base.Item {...rest} className={cx(item, tone === "danger" && "text-bad [&_svg]:text-bad")}>
      {icon}
      {children}
    </Base.Item>
  );
}

export function MenuLink({ href, icon, children }: { href: string; icon?: ReactNode; children: ReactNode }) {
  return (
    <Base.LinkItem render={<Link href={href} />} closeOnClick className={item}>
      {icon}
      {children}
    </Base.LinkItem>
  );
}

/** A link whose target the browser saves as a file. */
export function MenuDownload({ icon, children, ...link }: ComponentProps<"a"> & { icon?: ReactNode }) {
  return (
    <Base.LinkItem render={<a {...link} />} closeOnClick className={item}>
      {icon}
      {children}
    </Base.LinkItem>
  );
}

/** A setting that is on or off. The menu stays open after a click, so that several settings can be changed. */
export function MenuCheckboxItem({ children, ...rest }: Omit<ComponentProps<typeof Base.CheckboxItem>, "className">) {
  return (
    <Base.CheckboxItem closeOnClick={false} {...rest} className={item}>
      <span className="size-4 shrink-0">
        <Base.CheckboxItemIndicator>
          <Check aria-hidden />
        </Base.CheckboxItemIndicator>
      </span>
      {children}
    </Base.CheckboxItem>
  );
}

export function MenuSeparator() {
  return <Base.Separator className="mx-1 my-1 h-px bg-line" />;
}

const item =
  "flex min-h-8 cursor-default items-center gap-2 rounded-[4px] px-2 outline-none select-none " +
  "data-highlighted:bg-sunken data-disabled:text-muted [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-muted";
