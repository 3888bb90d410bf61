import { Layers } from "lucide-react";
import Link from "next/link";
import { Pager } from "@/components/data-table/pager";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import type { RepositoryView } from "@/lib/repositories/schema";
import { compareNames } from "@/lib/text";
import type { WorkspaceView } from "@/lib/workspaces/schema";
import { PublishHint } from "./publish-hint";
import { RepositoryShelf } from "./repository-shelf";
import { type WorkspaceSearch, workspacesHref } from "./search";

/** A page of workspaces, grouped by repository. Empty repositories are listed only without a search and if one page is enough. */
export function Workspaces({
  workspaces,
  repositories,
  search,
  mayPublish,
}: {
  workspaces: { items: WorkspaceView[]; nextCursor: string | null };
  repositories: RepositoryView[];
  search: WorkspaceSearch;
  mayPublish: boolean;
}) {
  const isWhole = !search.q && !search.after && !workspaces.nextCursor;
  const names = new Set(workspaces.items.map(({ repository }) => repository));
  if (isWhole) for (const { name } of repositories) names.add(name);

  if (names.size === 0) return search.q ? <NothingFound q={search.q} /> : <NothingYet mayPublish={mayPublish} />;
  return (
    <>
      {[...names].sort(compareNames).map((name) => (
        <RepositoryShelf
          key={name}
          title={<ShelfTitle name={name} mayRead={repositories.some((each) => each.name === name && each.can.read)} />}
          repository={repositories.find((repository) => repository.name === name) ?? null}
          workspaces={workspaces.items.filter(({ repository }) => repository === name)}
        />
      ))}
      <Pager
        name="Workspaces"
        first={search.after ? workspacesHref({ ...search, after: null }) : null}
        next={workspaces.nextCursor ? workspacesHref({ ...search, after: workspaces.nextCursor }) : null}
      />
    </>
  );
}

/** The name of a repository. It is a link to the repository's page if the reader may read that. */
function ShelfTitle({ name, mayRead }: { name: string; mayRead: boolean }) {
  if (!mayRead) return name;
  return (
    <Link href={`/workspaces/${encodeURIComponent(name)}`} className="hover:underline">
      {name}
    </Link>
  );
}

function NothingFound({ q }: { q: string }) {
  return (
    <EmptyState
      title={`No workspaces match “${q}”`}
      action={<ButtonLink href={workspacesHref()}>Show all workspaces</ButtonLink>}
    >
      The search looks at names, titles and descriptions.
    </EmptyState>
  );
}

function NothingYet({ mayPublish }: { mayPublish: boolean }) {
  return (
    <EmptyState
      icon={<Layers aria-hidden />}
      title="No workspaces yet"
      action={mayPublish && <PublishHint repository={null} />}
    >
      {mayPublish
        ? "Publish one with a token that can create repositories:"
        : "No workspaces are shared with you. Ask an author to share one."}
    </EmptyState>
  );
}
