"use client";

import Link from "next/link";
import { type ComponentProps, useState } from "react";

/**
 * A link in a row. Its page is prefetched when the pointer or the focus reaches it, not when it becomes visible: a page has dozens
 * of links, and few are followed.
 */
export function RowLink(props: Omit<ComponentProps<typeof Link>, "prefetch">) {
  const [isNear, setNear] = useState(false);
  const comeNear = () => setNear(true);
  return <Link {...props} prefetch={isNear ? "auto" : false} onPointerEnter={comeNear} onFocus={comeNear} />;
}
