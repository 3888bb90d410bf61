import { useSyncExternalStore } from "react";

/** The origin of this page, like `https://tessera.example.org`. It is empty during the rendering on the server. */
export function useOrigin(): string {
  return useSyncExternalStore(
    subscribeToNothing,
    () => window.location.origin,
    () => "",
  );
}

const subscribeToNothing = () => () => {};
