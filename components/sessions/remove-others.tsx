"use client";

import { useRouter } from "next/navigation";
import { api } from "@/components/forms/api";
import { useAction } from "@/components/forms/use-action";
import { Button } from "@/components/ui/button";
import { notify } from "@/components/ui/toaster";
import type { TokenOutcomes } from "@/lib/tokens/schema";

const confirmation = {
  title: "Sign out all other sessions?",
  confirm: "Sign out all other sessions",
  text: "You'll be signed out on every other browser and device immediately. This session stays signed in.",
};

/** Signs out all other sessions, for example after losing a laptop. */
export function RemoveOtherSessions() {
  const router = useRouter();
  const { ask, dialog } = useAction();

  async function remove() {
    const { outcomes } = await api<TokenOutcomes>("POST", "/api/v1/token-changes", {
      change: "remove",
      ids: "all-but-current",
    });
    const count = outcomes.filter(({ outcome }) => outcome === "changed").length;
    notify.success(count === 1 ? "Signed out 1 other session" : `Signed out ${count} other sessions`);
    router.refresh();
  }

  return (
    <>
      <Button onClick={() => ask(confirmation, remove)}>Sign out all other sessions</Button>
      {dialog}
    </>
  );
}
