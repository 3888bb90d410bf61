import { RelativeTime } from "@/components/ui/relative-time";
import { Badge } from "@/components/ui/status";
import type { WorkspaceView } from "@/lib/workspaces/schema";
import { outputName } from "./output-name";

/** The line of facts under the title of a workspace. */
export function WorkspaceFacts({ workspace }: { workspace: WorkspaceView }) {
  const { repository, name, output, owner, updatedAt } = workspace;
  return (
    <p className="-mt-3 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted">
      <code className="font-mono break-all">
        {repository}/{name}
      </code>
      <Badge>{outputName(output)}</Badge>
      <span>
        Published by {owner}, <RelativeTime at={updatedAt} />
      </span>
    </p>
  );
}
