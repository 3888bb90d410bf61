"use client";

import { LogIn } from "lucide-react";
import { useState } from "react";
import { ApiProblem } from "../forms/api";
import { FieldError } from "../forms/field";
import { Button } from "../ui/button";
import { providerUrl } from "./session";

/** A button that signs in through the identity provider. */
export function ProviderButton({ name, returnTo, stay }: { name: string; returnTo: string; stay: boolean }) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  async function openProvider() {
    setBusy(true);
    setProblem(undefined);
    try {
      window.location.assign(await providerUrl(returnTo, stay));
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setProblem(error.message);
      setBusy(false);
    }
  }

  return (
    <div className="flex flex-col gap-1">
      <Button busy={busy} onClick={openProvider} icon={<LogIn aria-hidden />} className="w-full">
        Continue with {name}
      </Button>
      <FieldError>{problem}</FieldError>
    </div>
  );
}
