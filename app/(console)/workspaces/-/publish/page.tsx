import type { SearchParams } from "nuqs/server";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { NewRepository } from "@/components/workspaces/new-repository";
import { PublishWorkspace } from "@/components/workspaces/publish-workspace";
import { requireActor } from "@/lib/auth/current-actor";
import { may } from "@/lib/permissions/effective";
import { listPublishable } from "@/lib/repositories/queries";

export const metadata = { title: "Publish workspace · Workspaces" };

/** No repository has the name `-`, so that this page takes none its URL. */
export default async function PublishPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const who = await requireActor();
  const repositories = await listPublishable(who);
  const { repository: asked } = await searchParams;
  const chosen = repositories.find((name) => name === asked) ?? repositories[0];
  return (
    <>
      <PageHeader
        trail={[{ name: "Workspaces", href: "/workspaces" }]}
        title="Publish workspace"
        description="A workspace is one file: a header that names its parameters, and a query."
      />
      {chosen === undefined ? (
        <EmptyState
          title="There is no repository in which you can publish"
          action={may(who, "repositories:create") && <NewRepository variant="primary" />}
        >
          Create one, or ask the owner of a repository to let you publish in it.
        </EmptyState>
      ) : (
        <PublishWorkspace userName={who.userName} repositories={repositories} repository={chosen} />
      )}
    </>
  );
}
