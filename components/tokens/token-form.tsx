"use client";

import { type ReactNode, useState } from "react";
import { Radio, Switch } from "@/components/forms/choice";
import type { ExpirationFields } from "@/components/forms/expiration-fields";
import { Field, FieldGroup } from "@/components/forms/field";
import { FormEnd } from "@/components/forms/form-end";
import { Input, selectText, Textarea } from "@/components/forms/input";
import { useSubmission } from "@/components/forms/use-submission";
import type { GrantableItems } from "@/lib/tokens/schema";
import { currentExpiration, type Expiration, expirationFields } from "./expiration";
import { ExpirationField } from "./expiration-field";
import { withoutCovered } from "./permission-choice";
import { PermissionGrid } from "./permission-grid";
import type { TokenDraft } from "./token-draft";

/** The submitted values. */
export type TokenInput = TokenDraft & ExpirationFields;

const fields = ["name", "description", "expiresAt", "permissions"];

/**
 * Creates or edits a token. Errors of the API are shown at their fields; the input stays. `children` are shown beside the submit
 * button.
 */
export function TokenForm({
  draft,
  isCopy = false,
  expiration: initialExpiration = currentExpiration,
  currentExpiresAt,
  hasExpired = false,
  grantable,
  submit: label,
  onSubmit,
  children,
}: {
  draft: TokenDraft;
  /** The suggested name is then selected, so that typing replaces it. */
  isCopy?: boolean;
  expiration?: Expiration;
  /** The current expiration of an existing token. */
  currentExpiresAt?: string;
  /** The existing token has expired. It can be enabled only together with a new expiration. */
  hasExpired?: boolean;
  grantable: GrantableItems;
  submit: string;
  onSubmit: (input: TokenInput) => Promise<void>;
  children?: ReactNode;
}) {
  const [token, setToken] = useState(draft);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(draft.permissions));
  const [expiration, setExpiration] = useState(initialExpiration);
  const { form, isBusy, submit, refuse, errorAt, errorElsewhere, leaveDialog } = useSubmission(fields, {
    input: {
      values: { token, permissions: [...chosen].sort(), expiration },
      restore(kept) {
        setToken(kept.token);
        setChosen(new Set(kept.permissions));
        setExpiration(kept.expiration);
      },
    },
  });

  const set = (change: Partial<TokenDraft>) => setToken({ ...token, ...change });
  async function send() {
    const ending = expirationFields(expiration);
    const permissions = token.allPermissions ? [] : withoutCovered(chosen);
    if (token.name.trim() === "") return refuse({ field: "name", message: "Enter a name for the token." });
    if (!ending) return refuse({ field: "expiresAt", message: "Choose a date." });
    if (!token.allPermissions && permissions.length === 0)
      return refuse({ field: "permissions", message: "Choose at least one permission, or All Permissions." });
    await onSubmit({ ...token, permissions, ...ending });
  }

  return (
    <form ref={form} noValidate onSubmit={(event) => submit(event, send)} className="flex flex-col gap-6">
      <div className="flex max-w-2xl flex-col gap-6">
        <NameAndDescription token={token} isCopy={isCopy} set={set} errorAt={errorAt} />
        <ExpirationField
          legend={currentExpiresAt ? "Expires" : "Expires in"}
          current={currentExpiresAt}
          value={expiration}
          onChange={setExpiration}
          error={errorAt("expiresAt")}
        />
        <Switches token={token} set={set} hasExpired={hasExpired && expiration.days === "current"} />
      </div>
      <FieldGroup legend="Permissions" error={errorAt("permissions")}>
        <PermissionMode
          all={token.allPermissions}
          mayGrantAll={grantable.allPermissions}
          isAllAllowed={grantable.allPermissions || draft.allPermissions}
          onChange={(allPermissions) => set({ allPermissions })}
        />
        {!token.allPermissions && <PermissionGrid grantable={grantable} chosen={chosen} onChange={setChosen} />}
      </FieldGroup>
      <FormEnd error={errorElsewhere} submit={label} busy={isBusy}>
        {children}
      </FormEnd>
      {leaveDialog}
    </form>
  );
}

interface PartProps {
  token: TokenDraft;
  set: (change: Partial<TokenDraft>) => void;
}

function NameAndDescription({
  token,
  isCopy,
  set,
  errorAt,
}: PartProps & { isCopy: boolean; errorAt: (field: string) => string | undefined }) {
  return (
    <>
      <Field label="Name" hint="What is this token for? Names must be unique." error={errorAt("name")}>
        <Input
          ref={isCopy ? selectText : undefined}
          name="name"
          autoComplete="off"
          maxLength={100}
          placeholder="nightly-export"
          value={token.name}
          onChange={(event) => set({ name: event.target.value })}
        />
      </Field>
      <Field label="Description" optional error={errorAt("description")}>
        <Textarea
          name="description"
          maxLength={500}
          value={token.description}
          onChange={(event) => set({ description: event.target.value })}
        />
      </Field>
    </>
  );
}

function Switches({ token, set, hasExpired }: PartProps & { hasExpired: boolean }) {
  return (
    <div className="flex flex-col gap-3">
      <Switch
        label="Enabled"
        hint={
          hasExpired
            ? "This token has expired. Choose a new expiration to enable it."
            : "Disabled tokens are rejected. You can change this at any time."
        }
        checked={token.enabled && !hasExpired}
        disabled={hasExpired}
        onChange={(event) => set({ enabled: event.target.checked })}
      />
      <Switch
        label="Allow as URL parameter"
        hint="Needed for webhooks and links. URLs can end up in logs and browser history, so leave this off otherwise."
        checked={token.inUrl}
        onChange={(event) => set({ inUrl: event.target.checked })}
      />
    </div>
  );
}

function PermissionMode({
  all,
  mayGrantAll,
  isAllAllowed,
  onChange,
}: {
  all: boolean;
  mayGrantAll: boolean;
  isAllAllowed: boolean;
  onChange: (all: boolean) => void;
}) {
  return (
    <div className="mt-1 flex flex-col gap-2">
      <Radio
        name="permissions"
        label="Selected permissions"
        hint="Limited to the permissions below."
        checked={!all}
        onChange={() => onChange(false)}
      />
      <Radio
        name="permissions"
        label="All Permissions"
        hint={
          mayGrantAll
            ? "Same access as your account, including permissions you get later."
            : "You need All Permissions to grant them."
        }
        disabled={!isAllAllowed}
        checked={all}
        onChange={() => onChange(true)}
      />
    </div>
  );
}
