import { useSyncExternalStore } from "react";

/** The address by which the reader reached this server, like `https://tessera.example.org`; empty until the page runs. */
export function useOrigin(): string {
  return useSyncExternalStore(
    never,
    () => window.location.origin,
    () => "",
  );
}

const never = () => () => {};
