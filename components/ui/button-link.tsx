"use client";

import Link from "next/link";
import type { ComponentProps } from "react";
import { classesFor, type Look } from "./button";
import { cx } from "./cx";

/**
 * A link that looks like a button. It has its own module, so that a component that only has buttons does not load Next's
 * `Link`.
 */
export function ButtonLink({ variant, size, icon, className, children, ...rest }: Look & ComponentProps<typeof Link>) {
  return (
    <Link {...rest} className={cx(classesFor({ variant, size }), className)}>
      {icon}
      {children}
    </Link>
  );
}
