import Link from "next/link";
import type { ComponentProps } from "react";
import { classesFor, type Look } from "./button";
import { cx } from "./cx";

/**
 * A link that looks like a button, for what goes somewhere instead of doing something. Apart from the button, so that what only has
 * buttons need not load the router's link.
 */
export function ButtonLink({ variant, size, icon, className, children, ...rest }: Look & ComponentProps<typeof Link>) {
  return (
    <Link {...rest} className={cx(classesFor({ variant, size }), className)}>
      {icon}
      {children}
    </Link>
  );
}
