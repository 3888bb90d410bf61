"use client";

import Link from "next/link";
import { type ComponentProps, useState } from "react";

/**
 * A link in a row. What it leads to is fetched ahead when somebody comes near it, not when it is merely seen: a page has dozens,
 * and few are followed.
 */
export function RowLink(props: Omit<ComponentProps<typeof Link>, "prefetch">) {
  const [isNear, setNear] = useState(false);
  const comeNear = () => setNear(true);
  return <Link {...props} prefetch={isNear ? "auto" : false} onPointerEnter={comeNear} onFocus={comeNear} />;
}
