"use client";

import { Checkbox } from "@/components/forms/choice";
import { FieldGroup } from "@/components/forms/field";
import type { RoleView } from "@/lib/roles/schema";

/** The roles of an account, as boxes to tick. */
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
    <FieldGroup legend="Roles" hint="What the account may do. It holds what any of its roles holds." error={error}>
      {roles.map((role) => (
        <Checkbox
          key={role.name}
          label={role.title}
          hint={role.can.give ? role.description : `${role.description} Only somebody who holds everything gives it.`}
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
