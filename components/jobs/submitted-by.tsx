import { KeyRound, MonitorSmartphone } from "lucide-react";
import type { JobView } from "@/lib/jobs/schema";

/** Shows the token that submitted a job. For a job of another user the API names only the user. */
export function SubmittedBy({ submittedBy: { user, token } }: Pick<JobView, "submittedBy">) {
  if (!token) return <span>{user}</span>;
  const Icon = token.kind === "api" ? KeyRound : MonitorSmartphone;
  return (
    <span className="inline-flex max-w-full items-center gap-1.5 align-middle">
      <Icon aria-hidden className="size-4 shrink-0 text-muted" />
      <span className="sr-only">{token.kind === "api" ? "API token: " : "Session token: "}</span>
      <span className="min-w-0 truncate" title={token.name}>
        {token.name}
      </span>
    </span>
  );
}
