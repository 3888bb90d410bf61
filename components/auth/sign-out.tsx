"use client";

import { useState } from "react";
import { ApiProblem } from "../forms/api";
import { Button } from "../ui/button";
import { Icon } from "../ui/icon";
import * as shapes from "../ui/icon-shapes";
import { notify } from "../ui/toaster";
import { signOut } from "./session";
import { broadcast } from "./session-channel";

/** Signs out in every tab of this browser and opens the sign-in page. */
export function SignOutButton() {
  const [busy, setBusy] = useState(false);

  async function leave() {
    setBusy(true);
    try {
      const next = await signOut();
      broadcast({ kind: "over" });
      window.location.assign(next);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      notify.error(`Couldn't sign you out. ${error.message}`);
      setBusy(false);
    }
  }

  return (
    <Button
      variant="quiet"
      busy={busy}
      onClick={leave}
      icon={<Icon of={shapes.logOut} />}
      className="w-full justify-start"
    >
      Sign out
    </Button>
  );
}
