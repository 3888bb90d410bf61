"use client";

import { Search } from "lucide-react";
import type { ComponentProps } from "react";
import { cx } from "../ui/cx";
import { Input } from "./input";

/**
 * A search field with its icon. A search is no value of the form around it: Enter does not submit that form, and the form
 * does not get the change.
 *
 * @param isPending true while the results are loaded.
 */
export function SearchInput({
  label,
  isPending = false,
  className,
  onChange,
  ...rest
}: { label: string; isPending?: boolean } & Omit<ComponentProps<"input">, "type" | "aria-label" | "onKeyDown">) {
  return (
    <div className={cx("relative", className)}>
      <Search
        aria-hidden
        className={cx("pointer-events-none absolute top-2 left-2.5 size-4 text-muted", isPending && "animate-pulse")}
      />
      <Input
        {...rest}
        type="search"
        enterKeyHint="search"
        aria-label={label}
        onChange={(event) => {
          event.stopPropagation();
          onChange?.(event);
        }}
        onKeyDown={(event) => event.key === "Enter" && event.preventDefault()}
        className="pl-8"
      />
    </div>
  );
}
