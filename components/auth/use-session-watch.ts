"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { sessionEnded } from "../forms/api";
import { broadcast, subscribe } from "./session-channel";
import { isDue, nextLook } from "./session-schedule";

export interface WatchedSession {
  userName: string;
  /** When the server said so, by its clock, and when the session ends unless it is extended. RFC 3339. */
  now: string;
  expiresAt: string;
}

const retryAfter = 30_000;
const afterOthers = 5_000;

/**
 * Keeps the session going while the page is open, and says when it is over. One tab looks for all; after sleep, or when a
 * request was refused, this one looks at once. When somebody else has signed in, the page is loaded anew for them.
 */
export function useSessionWatch({ userName, now, expiresAt }: WatchedSession) {
  const [over, setOver] = useState(false);
  const [endsAt, setEndsAt] = useState<number>();
  const lookedAt = useRef(0);

  const take = useCallback(
    (found: { userName: string; endsAt: number }) => {
      if (found.userName !== userName) return window.location.reload();
      setEndsAt(found.endsAt);
      setOver(false);
    },
    [userName],
  );

  /** Asks the server, which extends the session if that is due. Answers false when it could not be reached. */
  const look = useCallback(async (): Promise<boolean> => {
    const found = await presentedSession();
    if (found === "unknown") return false;
    lookedAt.current = Date.now();
    if (found === "over") {
      setOver(true);
      broadcast({ kind: "over" });
    } else {
      take(found);
      broadcast({ kind: "alive", ...found });
    }
    return true;
  }, [take]);

  useEffect(() => {
    const fresh = Date.now() + Date.parse(expiresAt) - Date.parse(now);
    take({ userName, endsAt: fresh });
    broadcast({ kind: "alive", userName, endsAt: fresh });
  }, [userName, now, expiresAt, take]);

  useEffect(() => subscribe((news) => (news.kind === "over" ? setOver(true) : take(news))), [take]);

  useEffect(() => {
    if (endsAt === undefined || over) return;
    let timer: ReturnType<typeof setTimeout>;
    const wait = (milliseconds: number) => {
      timer = setTimeout(async () => {
        const answered = await oneTabAtATime(look);
        if (answered === "busy elsewhere") wait(afterOthers);
        else wait(answered ? nextLook(Date.now(), endsAt, lookedAt.current) : retryAfter);
      }, milliseconds);
    };
    wait(nextLook(Date.now(), endsAt, lookedAt.current));
    return () => clearTimeout(timer);
  }, [endsAt, over, look]);

  useEffect(() => {
    const wake = () => {
      const visible = document.visibilityState === "visible";
      if (visible && (over || (endsAt !== undefined && isDue(Date.now(), endsAt)))) look();
    };
    document.addEventListener("visibilitychange", wake);
    window.addEventListener("focus", wake);
    window.addEventListener("pageshow", wake);
    window.addEventListener(sessionEnded, look);
    return () => {
      document.removeEventListener("visibilitychange", wake);
      window.removeEventListener("focus", wake);
      window.removeEventListener("pageshow", wake);
      window.removeEventListener(sessionEnded, look);
    };
  }, [endsAt, over, look]);

  return { over, look };
}

/** Many tabs wake at the same second; one asks and tells the others. Without locks (plain http on a network) each asks. */
async function oneTabAtATime(look: () => Promise<boolean>): Promise<boolean | "busy elsewhere"> {
  if (!navigator.locks) return look();
  return navigator.locks.request("tessera-session", { ifAvailable: true }, (lock) =>
    lock ? look() : "busy elsewhere",
  );
}

/** What the server says of this browser's session; its end by this browser's clock. */
async function presentedSession(): Promise<{ userName: string; endsAt: number } | "over" | "unknown"> {
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
