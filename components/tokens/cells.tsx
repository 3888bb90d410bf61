import { RelativeTime } from "@/components/ui/relative-time";
import { Badge, Status } from "@/components/ui/status";
import { describePermission } from "@/lib/permissions/catalog";
import type { TokenView } from "@/lib/tokens/schema";

const soon = 7 * 86_400_000;

/** Prefix and last four of a token's value. */
export function Hint({ token }: { token: TokenView }) {
  return <code className="font-mono text-sm whitespace-nowrap">{token.hint}</code>;
}

export function StateOf({ token }: { token: TokenView }) {
  if (token.state === "expired") return <Status tone="over">Expired</Status>;
  return token.state === "disabled" ? <Status tone="off">Disabled</Status> : <Status tone="ok">Active</Status>;
}

/** When it expires; within seven days with a sign, for those who have to act. */
export function Expires({ token }: { token: TokenView }) {
  const time = <RelativeTime at={token.expiresAt} className="tabular-nums" />;
  const isSoon = Date.parse(token.expiresAt) - Date.now() <= soon;
  if (token.kind === "session" || token.state === "expired" || !isSoon) return time;
  return (
    <Status tone="warn">
      <span className="sr-only">Expires soon: </span>
      {time}
    </Status>
  );
}

/** When it was last used, and by what: the address, and the program. A session says its program in its name. */
export function LastUsed({ token }: { token: TokenView }) {
  const used = token.lastUsed;
  if (!used) return <span className="text-muted">Never</span>;
  const agent = token.kind === "session" ? null : programOf(used.agent);
  return (
    <div className="min-w-0">
      <RelativeTime at={used.at} className="tabular-nums" />
      <div className="truncate text-sm text-muted" title={used.agent ?? undefined}>
        {[used.address, agent].filter(Boolean).join(" · ")}
      </div>
    </div>
  );
}

/** The telling part of a user agent: `curl/8.5.0`; browsers hide theirs behind the name of Mozilla. */
function programOf(agent: string | null): string | undefined {
  const browser = /\b(Firefox|Edg|OPR|Chrome|Safari)\/[\d.]+/.exec(agent ?? "")?.[0];
  return browser ?? agent?.split(" ")[0];
}

/** The permissions in words: the symbol, or the first of them and how many more. */
export function Permissions({ token }: { token: TokenView }) {
  if (token.allPermissions) return <Badge tone="clay">All Permissions</Badge>;
  const words = token.permissions.map(describePermission);
  const [first, ...others] = words;
  if (!first) return <span className="text-muted">None</span>;
  return (
    <div className="min-w-0" title={words.join("\n")}>
      <div className="line-clamp-3">{first}</div>
      {others.length > 0 && <div className="text-sm text-muted">and {others.length} more</div>}
    </div>
  );
}
