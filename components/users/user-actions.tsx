"use client";

import { useRouter } from "next/navigation";
import { Button } from "@/components/ui/button";
import type { UserView } from "@/lib/users/schema";
import { usersHref } from "./search";
import { useUserChanges } from "./use-user-changes";

/** The actions of a user's page. After removing the user, the list is shown. */
export function UserActions({ user, self }: { user: UserView; self: string }) {
  const router = useRouter();
  const { start, isBusy, dialogs } = useUserChanges(self, () => router.push(usersHref()));
  const switches = user.can.change && user.userName !== self;
  return (
    <>
      {user.can.resetPassword && (
        <Button busy={isBusy} onClick={() => start("reset", user)}>
          Reset password…
        </Button>
      )}
      {switches && (
        <Button busy={isBusy} onClick={() => start(user.enabled ? "disable" : "enable", user)}>
          {user.enabled ? "Disable…" : "Enable"}
        </Button>
      )}
      {user.can.remove && (
        <Button busy={isBusy} onClick={() => start("remove", user)}>
          Remove…
        </Button>
      )}
      {dialogs}
    </>
  );
}
