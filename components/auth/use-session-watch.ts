"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { sessionEnded } from "../forms/api";
import { noteServerTime } from "../forms/server-clock";
import { broadcast, subscribe } from "./session-channel";
import { isDue, nextCheckMs } from "./session-schedule";

export interface WatchedSession {
  userName: string;
  /** The server's time when it rendered the page, in RFC 3339. */
  now: string;
  /** The end of the session unless it is extended, by the server's clock, in RFC 3339. */
  expiresAt: string;
}

const retryAfterMs = 30_000;
const otherTabDelayMs = 5_000;

/**
 * Extends the session while the page is open, and reports its end. One tab checks the session for all tabs. After sleep and
 * after a refused request, this tab checks at once. If another user has signed in, the page is reloaded for that user.
 */
export function useSessionWatch({ userName, now, expiresAt }: WatchedSession) {
  const [isOver, setOver] = useState(false);
  const [endsAt, setEndsAt] = useState<number>();
  const checkedAt = useRef(0);

  const accept = useCallback(
    (found: { userName: string; endsAt: number }) => {
      if (found.userName !== userName) return window.location.reload();
      setEndsAt(found.endsAt);
      setOver(false);
    },
    [userName],
  );

  /** Asks the server, which extends the session if that is due. Returns false if it could not be reached. */
  const check = useCallback(async (): Promise<boolean> => {
    const found = await readSession();
    if (found === "unknown") return false;
    checkedAt.current = Date.now();
    if (found === "over") {
      setOver(true);
      broadcast({ kind: "over" });
    } else {
      accept(found);
      broadcast({ kind: "alive", ...found });
    }
    return true;
  }, [accept]);

  useEffect(() => {
    noteServerTime(Date.parse(now));
    const freshEnd = Date.now() + Date.parse(expiresAt) - Date.parse(now);
    accept({ userName, endsAt: freshEnd });
    broadcast({ kind: "alive", userName, endsAt: freshEnd });
  }, [userName, now, expiresAt, accept]);

  useEffect(() => subscribe((message) => (message.kind === "over" ? setOver(true) : accept(message))), [accept]);

  useEffect(() => {
    if (endsAt === undefined || isOver) return;
    let timer: ReturnType<typeof setTimeout>;
    const scheduleCheck = (delayMs: number) => {
      timer = setTimeout(async () => {
        const answered = await checkInOneTab(check);
        if (answered === "busy elsewhere") scheduleCheck(otherTabDelayMs);
        else scheduleCheck(answered ? nextCheckMs(Date.now(), endsAt, checkedAt.current) : retryAfterMs);
      }, delayMs);
    };
    scheduleCheck(nextCheckMs(Date.now(), endsAt, checkedAt.current));
    return () => clearTimeout(timer);
  }, [endsAt, isOver, check]);

  useEffect(() => {
    const checkIfDue = () => {
      const isVisible = document.visibilityState === "visible";
      if (isVisible && (isOver || (endsAt !== undefined && isDue(Date.now(), endsAt)))) check();
    };
    document.addEventListener("visibilitychange", checkIfDue);
    window.addEventListener("focus", checkIfDue);
    window.addEventListener("pageshow", checkIfDue);
    window.addEventListener(sessionEnded, check);
    return () => {
      document.removeEventListener("visibilitychange", checkIfDue);
      window.removeEventListener("focus", checkIfDue);
      window.removeEventListener("pageshow", checkIfDue);
      window.removeEventListener(sessionEnded, check);
    };
  }, [endsAt, isOver, check]);

  return { isOver, check };
}

/** Lets one tab check for all when several are due at once. Without the Web Locks API (plain http) every tab checks. */
async function checkInOneTab(check: () => Promise<boolean>): Promise<boolean | "busy elsewhere"> {
  if (!navigator.locks) return check();
  return navigator.locks.request("tessera-session", { ifAvailable: true }, (lock) =>
    lock ? check() : "busy elsewhere",
  );
}

/** Reads this browser's session from the server. The end of the session is by this browser's clock. */
async function readSession(): Promise<{ userName: string; endsAt: number } | "over" | "unknown"> {
  try {
    const response = await fetch("/api/v1/token", { cache: "no-store" });
    if (response.status === 401) return "over";
    if (!response.ok) return "unknown";
    const { owner, expiresAt } = (await response.json()) as { owner: { userName: string }; expiresAt: string };
    const serverNow = Date.parse(response.headers.get("date") ?? "") || Date.now();
    return { userName: owner.userName, endsAt: Date.now() + Date.parse(expiresAt) - serverNow };
  } catch {
    return "unknown";
  }
}
