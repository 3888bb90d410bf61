/** What one tab tells the others about the session they share. Never a value, only whose it is and when it ends. */
export type SessionNews = { kind: "alive"; userName: string; endsAt: number } | { kind: "over" };

let channel: BroadcastChannel | undefined;

// One per tab: a channel does not hear itself.
const shared = () => {
  channel ??= new BroadcastChannel("tessera-session");
  return channel;
};

/** Tells the other tabs of this browser. */
export function tellTabs(news: SessionNews): void {
  shared().postMessage(news);
}

/** Hears what other tabs tell; answers what stops it. */
export function hearTabs(listen: (news: SessionNews) => void): () => void {
  const hear = ({ data }: MessageEvent<SessionNews>) => listen(data);
  shared().addEventListener("message", hear);
  return () => shared().removeEventListener("message", hear);
}
