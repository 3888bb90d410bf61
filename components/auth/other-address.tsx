"use client";

import { Notice } from "../ui/notice";
import { useOrigin } from "../ui/use-origin";

/**
 * Says that Tessera is opened at another address than it is set up for, where nothing can be changed after signing in.
 *
 * @param origins the addresses that it is set up for.
 */
export function OtherAddress({ origins }: { origins: string[] }) {
  const origin = useOrigin();
  const [right] = origins;
  if (origin === "" || right === undefined || origins.includes(origin)) return null;
  return (
    <Notice tone="warn" title="Tessera isn't set up for this address">
      <p>
        Open{" "}
        <a href={`${right}/sign-in`} className="break-all text-clay-ink underline underline-offset-2">
          {right}
        </a>{" "}
        instead. At this address you can sign in and read, but not change anything.
      </p>
      <p className="mt-2">
        If people should use this address, an administrator sets{" "}
        <code className="font-mono text-sm break-all">TESSERA_BASE_URL={origin}</code> and restarts the server.
      </p>
    </Notice>
  );
}
