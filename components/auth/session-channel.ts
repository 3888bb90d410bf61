/** A message between tabs about their shared session. It never contains a token, only the user and the end of the session. */
export type SessionMessage = { kind: "alive"; userName: string; endsAt: number } | { kind: "over" };

let channel: BroadcastChannel | undefined;

// A tab has only one channel, because a BroadcastChannel does not receive its own messages.
const sharedChannel = () => {
  channel ??= new BroadcastChannel("tessera-session");
  return channel;
};

/** Sends a message to the other tabs of this browser. */
export function broadcast(message: SessionMessage): void {
  sharedChannel().postMessage(message);
}

/** Receives the messages of the other tabs. Returns a function that ends the subscription. */
export function subscribe(listen: (message: SessionMessage) => void): () => void {
  const onMessage = ({ data }: MessageEvent<SessionMessage>) => listen(data);
  sharedChannel().addEventListener("message", onMessage);
  return () => sharedChannel().removeEventListener("message", onMessage);
}
