"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { useEffect, useState } from "react";
import { navigationEvent } from "./navigation-started";

/** A bar at the top of the page while another page loads. It appears after a moment, so that fast pages do not flash it. */
export function NavigationBar() {
  const place = `${usePathname()}?${useSearchParams()}`;
  const [isLoading, setIsLoading] = useState(false);

  useEffect(() => {
    const onStart = () => setIsLoading(true);
    window.addEventListener(navigationEvent, onStart);
    return () => window.removeEventListener(navigationEvent, onStart);
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: any other place ends the navigation
  useEffect(() => setIsLoading(false), [place]);

  return isLoading && <div role="progressbar" aria-label="Loading the page" className="navigation-bar" />;
}
