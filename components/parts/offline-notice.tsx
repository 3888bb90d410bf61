"use client";

import { useOffline } from "next/offline";

/** Says that the server cannot be reached. Navigation waits until it can, and the page stays. It belongs in the root layout, once. */
export function OfflineNotice() {
  const isOffline = useOffline();
  return (
    <div role="status" className="fixed bottom-4 left-1/2 z-50 w-max max-w-[calc(100vw-2rem)] -translate-x-1/2">
      {isOffline && <p className="popup px-3 py-2">The server can't be reached. This page continues when it can.</p>}
    </div>
  );
}
