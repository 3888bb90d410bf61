"use client";

import { useRouter } from "next/navigation";
import { useId, useState } from "react";
import { ApiProblem, api } from "@/components/forms/api";
import { Checkbox, Radio } from "@/components/forms/choice";
import { Field, FieldGroup } from "@/components/forms/field";
import { Input, Select } from "@/components/forms/input";
import { useSubmission } from "@/components/forms/use-submission";
import { withoutCovered, withPermission } from "@/components/tokens/permission-choice";
import { PermissionGrid } from "@/components/tokens/permission-grid";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/notice";
import { notify } from "@/components/ui/toaster";
import { describePermission } from "@/lib/permissions/catalog";
import type { GrantView } from "@/lib/sharing/schema";
import type { Grantable } from "./grantable";

/** Grants a user or a role permissions on an item, or changes their permissions. */
export default function ShareDialog({
  path,
  noun,
  grant,
  grantable,
  roles,
  onClose,
}: {
  path: `/api/v1/${string}/grants`;
  noun: string;
  /** The grant to change; null for a new one. */
  grant: GrantView | null;
  grantable: Grantable;
  roles: { name: string; title: string }[];
  onClose: () => void;
}) {
  const router = useRouter();
  const id = useId();
  const [kind, setKind] = useState<GrantView["kind"]>(grant?.kind ?? "users");
  const [userName, setUserName] = useState("");
  const [roleName, setRoleName] = useState(roles[0]?.name ?? "");
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(grant?.permissions));
  const { form, isBusy, submit, refuse, errorAt, errorElsewhere } = useSubmission(
    [...(grant ? [] : ["name"]), ...("only" in grantable ? [] : ["permissions"])],
    { onSessionEnd: onClose },
  );
  const name = grant?.name ?? (kind === "users" ? userName.trim() : roleName);
  const permissions = "only" in grantable ? [grantable.only] : withoutCovered(chosen);

  async function share() {
    if (name === "") return refuse({ field: "name", message: "Enter a username." });
    try {
      const shared = await api<GrantView>("PUT", `${path}/${kind}/${encodeURIComponent(name)}`, { permissions });
      notify.success(`Shared with ${shared.title}`);
      onClose();
      router.refresh();
    } catch (error) {
      const isUnknownUser = error instanceof ApiProblem && error.status === 404 && kind === "users";
      if (!isUnknownUser) throw error;
      refuse({ field: "name", message: `There is no user named ${name}.` });
    }
  }

  return (
    <Dialog
      open
      wide={"grid" in grantable}
      onOpenChange={(open) => !open && !isBusy && onClose()}
      title={grant ? `Permissions for ${grant.title}` : `Share this ${noun}`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={id} variant="primary" busy={isBusy}>
            {grant ? "Save changes" : "Share"}
          </Button>
        </>
      }
    >
      <form ref={form} id={id} noValidate onSubmit={(event) => submit(event, share)} className="flex flex-col gap-4">
        {!grant && (
          <GranteeFields
            {...{ kind, setKind, userName, setUserName, roleName, setRoleName, roles }}
            error={errorAt("name")}
          />
        )}
        <GrantedPermissions grantable={grantable} chosen={chosen} onChange={setChosen} error={errorAt("permissions")} />
      </form>
      {errorElsewhere && <Notice tone="bad">{errorElsewhere}</Notice>}
    </Dialog>
  );
}

function GranteeFields({
  kind,
  setKind,
  userName,
  setUserName,
  roleName,
  setRoleName,
  roles,
  error,
}: {
  kind: GrantView["kind"];
  setKind: (kind: GrantView["kind"]) => void;
  userName: string;
  setUserName: (userName: string) => void;
  roleName: string;
  setRoleName: (roleName: string) => void;
  roles: { name: string; title: string }[];
  error?: string;
}) {
  return (
    <>
      <FieldGroup legend="Share with">
        <div className="flex gap-6">
          <Radio name="kind" label="User" checked={kind === "users"} onChange={() => setKind("users")} />
          <Radio name="kind" label="Role" checked={kind === "roles"} onChange={() => setKind("roles")} />
        </div>
      </FieldGroup>
      {kind === "users" ? (
        <Field label="Username" error={error}>
          <Input
            name="userName"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={64}
            value={userName}
            onChange={(event) => setUserName(event.target.value)}
          />
        </Field>
      ) : (
        <Field label="Role" hint="All current and future members of this role." error={error}>
          <Select name="role" value={roleName} onChange={(event) => setRoleName(event.target.value)}>
            {roles.map((role) => (
              <option key={role.name} value={role.name}>
                {role.title}
              </option>
            ))}
          </Select>
        </Field>
      )}
    </>
  );
}

function GrantedPermissions({
  grantable,
  chosen,
  onChange,
  error,
}: {
  grantable: Grantable;
  chosen: ReadonlySet<string>;
  onChange: (chosen: ReadonlySet<string>) => void;
  error?: string;
}) {
  return (
    <>
      {"grid" in grantable && (
        <FieldGroup legend="Permissions" error={error}>
          <PermissionGrid grantable={grantable.grid} chosen={chosen} onChange={onChange} />
        </FieldGroup>
      )}
      {"few" in grantable && (
        <FieldGroup legend="Permissions" error={error}>
          {grantable.few.map((permission) => (
            <Checkbox
              key={permission}
              label={describePermission(permission)}
              checked={chosen.has(permission)}
              onChange={(event) => onChange(withPermission(chosen, permission, event.target.checked))}
            />
          ))}
        </FieldGroup>
      )}
      {"only" in grantable && (
        <p className="text-muted">They get this permission: {describePermission(grantable.only)}.</p>
      )}
    </>
  );
}
