"use client";

import { Checkbox } from "@/components/forms/choice";
import { FieldGroup } from "@/components/forms/field";
import type { RoleView } from "@/lib/roles/schema";

/** The roles of a user, as checkboxes. */
export function RoleChoice({
  roles,
  chosen,
  onChange,
  disabled = false,
  error,
}: {
  roles: RoleView[];
  chosen: string[];
  onChange: (chosen: string[]) => void;
  disabled?: boolean;
  error?: string;
}) {
  return (
    <FieldGroup legend="Roles" hint="The user gets the permissions of all selected roles." error={error}>
      {roles.map((role) => (
        <Checkbox
          key={role.name}
          label={role.title}
          hint={role.can.give ? role.description : `${role.description} Only users with all permissions can assign it.`}
          checked={chosen.includes(role.name)}
          disabled={disabled || !role.can.give}
          onChange={(event) =>
            onChange(event.target.checked ? [...chosen, role.name] : chosen.filter((name) => name !== role.name))
          }
        />
      ))}
    </FieldGroup>
  );
}
