"use client";

import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
import { api } from "@/components/forms/api";
import { randomKey } from "@/components/forms/random-key";
import { ButtonLink } from "@/components/ui/button-link";
import { notify } from "@/components/ui/toaster";
import type { CreatedToken, GrantableItems } from "@/lib/tokens/schema";
import type { Expiration } from "./expiration";
import { runnableBy } from "./first-use";
import RevealDialog from "./reveal-dialog";
import type { TokenDraft } from "./token-draft";
import { TokenForm, type TokenInput } from "./token-form";

/**
 * Creates a token and reveals its value. The value is only in this component's state, while the dialog is open. The dialog's
 * code is loaded with the form: if it were loaded afterwards, the value could be lost.
 */
export function NewToken({
  draft,
  isCopy,
  expiration,
  grantable,
}: {
  draft: TokenDraft;
  /** The draft comes from another token. */
  isCopy: boolean;
  expiration: Expiration;
  grantable: GrantableItems;
}) {
  const router = useRouter();
  const idempotencyKey = useRef("");
  const [created, setCreated] = useState<CreatedToken | null>(null);

  async function create({ permissions, ...input }: TokenInput) {
    idempotencyKey.current ||= randomKey();
    const body = input.allPermissions ? input : { ...input, permissions };
    const token = await api<CreatedToken>("POST", "/api/v1/tokens", body, {
      "Idempotency-Key": idempotencyKey.current,
    });
    if (token.value) return setCreated(token);
    notify.error(
      `${token.name} was already created, but the response was lost. Its value can't be shown again. Remove this token and create a new one.`,
    );
    router.push(`/settings/tokens/${token.id}`);
  }

  function leave() {
    setCreated(null);
    router.push("/settings/tokens");
  }

  return (
    <>
      <TokenForm
        draft={draft}
        isCopy={isCopy}
        expiration={expiration}
        grantable={grantable}
        submit="Create token"
        onSubmit={create}
      >
        <ButtonLink href="/settings/tokens" variant="quiet">
          Cancel
        </ButtonLink>
      </TokenForm>
      {created?.value && (
        <RevealDialog
          name={created.name}
          value={created.value}
          runnable={runnableBy(created, grantable)}
          onDone={leave}
        />
      )}
    </>
  );
}
