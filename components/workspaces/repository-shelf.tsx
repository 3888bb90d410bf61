import Link from "next/link";
import type { ReactNode } from "react";
import { RelativeTime } from "@/components/ui/relative-time";
import { Section } from "@/components/ui/section";
import { Badge } from "@/components/ui/status";
import type { RepositoryView } from "@/lib/repositories/schema";
import type { WorkspaceView } from "@/lib/workspaces/schema";
import { outputName } from "./output-name";
import { PublishHint } from "./publish-hint";
import { runPageOf } from "./run-page-url";

export function RepositoryShelf({
  title,
  repository,
  workspaces,
}: {
  title: ReactNode;
  /** Null if the reader may see workspaces in it, but not the repository itself. */
  repository: RepositoryView | null;
  workspaces: WorkspaceView[];
}) {
  return (
    <Section title={title} description={repository?.description || undefined}>
      {workspaces.length === 0 ? (
        <NoWorkspaces repository={repository} />
      ) : (
        <ul className="divide-y divide-line rounded border border-line bg-surface">
          {workspaces.map((workspace) => (
            <WorkspaceItem key={workspace.name} workspace={workspace} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function NoWorkspaces({ repository }: { repository: RepositoryView | null }) {
  const box = "rounded border border-dashed border-line px-4 py-3 text-muted";
  if (!repository?.can.publish) return <p className={box}>No workspaces yet.</p>;
  return (
    <details className={box}>
      <summary className="rounded-[4px]">No workspaces yet. How to publish one</summary>
      <div className="flex flex-col gap-3 pt-3">
        <p>Use a token that can publish to this repository:</p>
        <PublishHint repository={repository.name} />
      </div>
    </details>
  );
}

/** The whole row is clickable, but only the title is the text of the link, for lists of links in screen readers. */
function WorkspaceItem({ workspace }: { workspace: WorkspaceView }) {
  const { repository, name, title, description, output, owner, updatedAt, can } = workspace;
  return (
    <li className="relative flex flex-col gap-x-6 gap-y-2 px-4 py-3 first:rounded-t last:rounded-b hover:bg-sunken/60 sm:flex-row sm:items-start sm:justify-between">
      <div className="min-w-0">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <Link
            href={runPageOf({ repository, workspace: name })}
            className="font-medium outline-none after:absolute after:inset-0 after:rounded focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-clay"
          >
            {title}
          </Link>
          <span className="font-mono text-sm break-all text-muted">{name}</span>
        </p>
        {description && <p className="mt-0.5 line-clamp-2 max-w-prose text-muted">{description}</p>}
      </div>
      <div className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted sm:pt-px">
        {!can.run && <Badge>Read only</Badge>}
        <Badge>{outputName(output)}</Badge>
        <span className="sm:w-44 sm:text-right">
          {owner}, <RelativeTime at={updatedAt} />
        </span>
      </div>
    </li>
  );
}
