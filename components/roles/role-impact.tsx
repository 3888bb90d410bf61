import { isCovered } from "@/components/tokens/permission-choice";
import { Notice } from "@/components/ui/notice";
import { describePermission } from "@/lib/permissions/catalog";
import type { RoleView } from "@/lib/roles/schema";
import { peopleIn } from "./labels";

/** The permissions that saving adds and removes, and how many users that affects. Empty when nothing changed. */
export function RoleImpact({ role, permissions }: { role: RoleView; permissions: string[] }) {
  const taken = beyond(new Set(permissions), role.permissions);
  const given = beyond(new Set(role.permissions), permissions);
  if (taken.length + given.length === 0) return null;
  const [tone, title] =
    role.people === 0
      ? (["info", "This role has no members, so saving affects no one."] as const)
      : ([
          taken.length > 0 ? "warn" : "info",
          `Saving affects ${peopleIn(role.people)} and all of their tokens immediately.`,
        ] as const);
  return (
    <Notice tone={tone} title={title} className="max-w-2xl">
      <Listed words="Removes" permissions={taken} />
      <Listed words="Adds" permissions={given} />
      {taken.length > 0 && role.people > 0 && (
        <p className="text-muted">
          Users who also have these permissions through another role, sharing or ownership keep them.
        </p>
      )}
    </Notice>
  );
}

/** The permissions that the other set lacks and no wider permission in it includes. */
const beyond = (held: ReadonlySet<string>, permissions: string[]) =>
  permissions.filter((each) => !held.has(each) && !isCovered(held, each));

function Listed({ words, permissions }: { words: string; permissions: string[] }) {
  if (permissions.length === 0) return null;
  return (
    <p>
      {words}: {permissions.map(describePermission).join(", ")}.
    </p>
  );
}
