import { RelativeTime } from "@/components/ui/relative-time";
import { Badge, Status } from "@/components/ui/status";
import type { TokenView } from "@/lib/tokens/schema";
import type { ListedToken } from "./listed-token";

const soon = 7 * 86_400_000;

/** The prefix and the last four characters of a token's value. */
export function Hint({ token }: { token: TokenView }) {
  return <code className="font-mono text-sm whitespace-nowrap">{token.hint}</code>;
}

export function StateOf({ token }: { token: TokenView }) {
  if (token.state === "expired")
    return <Status tone="over">{token.kind === "session" ? "Signed out" : "Expired"}</Status>;
  return token.state === "disabled" ? <Status tone="off">Disabled</Status> : <Status tone="ok">Active</Status>;
}

/** When the token expires, with a warning sign in the last seven days. */
export function Expires({ token }: { token: TokenView }) {
  const time = <RelativeTime at={token.expiresAt} />;
  const isSoon = Date.parse(token.expiresAt) - Date.now() <= soon;
  if (token.kind === "session" || token.state === "expired" || !isSoon) return time;
  return (
    <Status tone="warn">
      <span className="sr-only">Expires soon: </span>
      {time}
    </Status>
  );
}

/** When the token was last used, from which IP address and by which program. The name of a session is its program. */
export function LastUsed({ token }: { token: TokenView }) {
  const used = token.lastUsed;
  if (!used) return <span className="text-muted">Never</span>;
  const agent = token.kind === "session" ? null : programOf(used.agent);
  return (
    <div className="min-w-0">
      <RelativeTime at={used.at} />
      <div className="truncate text-sm text-muted" title={used.agent ?? undefined}>
        {[used.address, agent].filter(Boolean).join(" · ")}
      </div>
    </div>
  );
}

/** The program of a user agent: `curl/8.5.0`. Browsers start with `Mozilla`, which says nothing. */
function programOf(agent: string | null): string | undefined {
  const browser = /\b(Firefox|Edg|OPR|Chrome|Safari)\/[\d.]+/.exec(agent ?? "")?.[0];
  return browser ?? agent?.split(" ")[0];
}

/** The permissions: All Permissions as a badge, or the first of them and how many more. */
export function Permissions({ token }: { token: ListedToken }) {
  if (token.allPermissions) return <Badge tone="clay">All Permissions</Badge>;
  const [first, ...others] = token.permissionNames;
  if (!first) return <span className="text-muted">None</span>;
  const title = token.permissionNames.join("\n");
  if (others.length === 0) {
    return (
      <div className="line-clamp-3" title={title}>
        {first}
      </div>
    );
  }
  return (
    <div className="min-w-0" title={title}>
      <div className="line-clamp-3">{first}</div>
      <div className="text-sm text-muted">and {others.length} more</div>
    </div>
  );
}
