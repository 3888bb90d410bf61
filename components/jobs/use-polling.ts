import { useRouter } from "next/navigation";
import { useEffect } from "react";

const intervalMinMs = 1000;
const intervalMaxMs = 5000;

/** Refreshes the page while `isWanted`, at intervals that grow from 1 to 5 seconds, and not while it is hidden. */
export function usePolling(isWanted: boolean): void {
  const router = useRouter();
  useEffect(() => {
    if (!isWanted) return;
    let intervalMs = intervalMinMs;
    let timer = setTimeout(refresh, intervalMs);

    function refresh() {
      if (!document.hidden) router.refresh();
      intervalMs = Math.min(intervalMaxMs, intervalMs * 1.5);
      timer = setTimeout(refresh, intervalMs);
    }

    return () => clearTimeout(timer);
  }, [isWanted, router]);
}
