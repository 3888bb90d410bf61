import { ChevronRight } from "lucide-react";
import { FieldGroup } from "@/components/forms/field";
import { describePermission, runPermission } from "@/lib/permissions/catalog";
import type { GrantableItems } from "@/lib/tokens/schema";
import { ExpirationField } from "../../tokens/expiration-field";
import { isCovered, withoutCovered } from "../../tokens/permission-choice";
import { PermissionGrid } from "../../tokens/permission-grid";
import { presetsUpTo } from "../expiration";
import type { StepProps } from "./step-props";

/** The expiration of the app's token, and its permissions besides running the workspace, which are none by default. */
export function AccessStep({
  draft,
  change,
  problems,
  grantable,
  daysMax,
}: StepProps & { grantable: GrantableItems; daysMax: number }) {
  const run = draft.workspace && runPermission(draft.workspace);
  const chosen = new Set(run ? [run, ...draft.permissions] : draft.permissions);

  function give(next: ReadonlySet<string>) {
    change({ permissions: withoutCovered(next).filter((permission) => permission !== run) });
  }

  return (
    <>
      <ExpirationField
        legend="The app's token expires in"
        presets={presetsUpTo(daysMax)}
        value={draft.expiration}
        onChange={(expiration) => change({ expiration })}
        error={problems.expiresAt}
      />
      <FieldGroup
        legend="Permissions"
        hint={
          run &&
          (isCovered(chosen, run)
            ? "Limited to the permissions below."
            : `The app's token gets this permission: ${describePermission(run)}. Visitors don't need more.`)
        }
        error={problems.permissions}
      >
        <details open={draft.permissions.length > 0 || undefined} className="group">
          <summary className="inline-flex h-8 list-none items-center gap-1.5 rounded text-clay-ink [&::-webkit-details-marker]:hidden">
            <ChevronRight aria-hidden className="size-4 group-open:rotate-90" />
            Extra permissions
          </summary>
          <p className="mb-2 text-muted">
            Only for programs that use the same token. Visitors can only ever run the workspace.
          </p>
          <PermissionGrid grantable={grantable} chosen={chosen} fixed={run ?? undefined} onChange={give} />
        </details>
      </FieldGroup>
    </>
  );
}
