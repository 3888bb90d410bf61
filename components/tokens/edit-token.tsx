"use client";

import { useRouter } from "next/navigation";
import { api } from "@/components/forms/api";
import { notify } from "@/components/ui/toaster";
import type { GrantableItems, TokenView } from "@/lib/tokens/schema";
import { draftOf } from "./token-draft";
import { TokenForm, type TokenInput } from "./token-form";

/** Edits an API token. It sends only the fields that changed. */
export function EditToken({ token, grantable }: { token: TokenView; grantable: GrantableItems }) {
  const router = useRouter();

  async function save(input: TokenInput) {
    const change = differences(token, input);
    if (Object.keys(change).length === 0) return notify.success("No changes to save");
    await api("PATCH", `/api/v1/tokens/${token.id}`, change);
    notify.success(`Saved ${input.name}`);
    router.refresh();
  }

  return (
    <TokenForm
      // A new key resets the form when the token was changed, here or elsewhere.
      key={JSON.stringify([token.enabled, token.expiresAt, token.permissions, token.allPermissions])}
      draft={draftOf(token)}
      currentExpiresAt={token.expiresAt}
      hasExpired={token.state === "expired"}
      grantable={grantable}
      submit="Save changes"
      onSubmit={save}
    />
  );
}

function differences(token: TokenView, input: TokenInput): Partial<TokenInput> {
  const { permissions, allPermissions, ...settings } = input;
  const changed = Object.entries(settings).filter(
    ([field, value]) => value !== undefined && value !== token[field as keyof TokenView],
  );
  const isSameGrant =
    allPermissions === token.allPermissions &&
    (allPermissions || permissions.join() === token.permissions.toSorted().join());
  const grant = allPermissions ? { allPermissions } : { allPermissions, permissions };
  return { ...Object.fromEntries(changed), ...(isSameGrant ? {} : grant) };
}
