import { Card } from "@/components/ui/section";
import { Badge } from "@/components/ui/status";
import { describePermission } from "@/lib/permissions/catalog";

/** Lists permissions in words. Owned items come first. */
export function HeldPermissions({ permissions }: { permissions: string[] }) {
  if (permissions.includes("*")) {
    return (
      <Card className="flex flex-wrap items-center gap-2">
        <Badge tone="clay">All Permissions</Badge>
        Including permissions added later.
      </Card>
    );
  }
  const words = permissions.toSorted((a, b) => Number(isOwned(b)) - Number(isOwned(a))).map(wordsOf);
  return (
    <Card>
      <ul className="grid gap-x-6 gap-y-1 sm:grid-cols-2 xl:grid-cols-3">
        {words.map((text) => (
          <li key={text} className="break-words">
            {text}
          </li>
        ))}
      </ul>
    </Card>
  );
}

const isOwned = (permission: string) => permission.endsWith(":*");

/** Describes a permission. The owner of a repository holds `repository/Rivers:*`. */
function wordsOf(permission: string): string {
  if (!isOwned(permission)) return describePermission(permission);
  const item = permission.slice(0, -2);
  const kind = item.slice(0, item.indexOf("/"));
  return `Full access to ${kind} ${item.slice(kind.length + 1)} (owner)`;
}
