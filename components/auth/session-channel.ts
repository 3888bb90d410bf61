/** What one tab tells the others about the session they share. Never a value, only whose it is and when it ends. */
export type SessionMessage = { kind: "alive"; userName: string; endsAt: number } | { kind: "over" };

let channel: BroadcastChannel | undefined;

// One per tab: a channel does not hear itself.
const shared = () => {
  channel ??= new BroadcastChannel("tessera-session");
  return channel;
};

/** Tells the other tabs of this browser. */
export function broadcast(message: SessionMessage): void {
  shared().postMessage(message);
}

/** Hears what other tabs tell; answers what stops it. */
export function subscribe(listen: (message: SessionMessage) => void): () => void {
  const hear = ({ data }: MessageEvent<SessionMessage>) => listen(data);
  shared().addEventListener("message", hear);
  return () => shared().removeEventListener("message", hear);
}
