import { useRouter } from "next/navigation";
import { useEffect } from "react";

const intervalMinMs = 1000;
const intervalMaxMs = 5000;

/** Reads the page anew from the server while `isWanted`, at growing intervals up to 5 s, not while it is hidden. */
export function usePolling(isWanted: boolean): void {
  const router = useRouter();
  useEffect(() => {
    if (!isWanted) return;
    let interval = intervalMinMs;
    let timer = setTimeout(refresh, interval);

    function refresh() {
      if (!document.hidden) router.refresh();
      interval = Math.min(intervalMaxMs, interval * 1.5);
      timer = setTimeout(refresh, interval);
    }

    return () => clearTimeout(timer);
  }, [isWanted, router]);
}
