"use client";

import { useRouter } from "next/navigation";
import { Button } from "@/components/ui/button";
import { ButtonLink } from "@/components/ui/button-link";
import type { TokenView } from "@/lib/tokens/schema";
import { manageTokensHref } from "./search";
import { useTokenChanges } from "./use-token-changes";

/** The actions of a token's page. After removing the token, the list is shown. */
export function TokenActions({ token }: { token: TokenView }) {
  const router = useRouter();
  const { start, isBusy, dialogs } = useTokenChanges();
  return (
    <>
      {token.can.enable && (
        <Button busy={isBusy} onClick={() => start("enable", [token])}>
          {token.state === "expired" ? "Enable…" : "Enable"}
        </Button>
      )}
      {token.can.disable && (
        <Button busy={isBusy} onClick={() => start("disable", [token])}>
          {token.current ? "Disable…" : "Disable"}
        </Button>
      )}
      {token.can.duplicate && <ButtonLink href={`/settings/tokens/new?from=${token.id}`}>Duplicate</ButtonLink>}
      {token.can.remove && (
        <Button
          busy={isBusy}
          onClick={() => start("remove", [token], () => router.push(manageTokensHref({ tab: token.kind })))}
        >
          Remove…
        </Button>
      )}
      {dialogs}
    </>
  );
}
