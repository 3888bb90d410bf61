import { FileUp } from "lucide-react";
import type { SearchParams } from "nuqs/server";
import { ButtonLink } from "@/components/ui/button-link";
import { PageHeader } from "@/components/ui/page-header";
import { NewRepository } from "@/components/workspaces/new-repository";
import { loadWorkspaceSearch, type WorkspaceSearch as Search, workspacesHref } from "@/components/workspaces/search";
import { WorkspaceSearch } from "@/components/workspaces/workspace-search";
import { Workspaces } from "@/components/workspaces/workspaces";
import { requireActor } from "@/lib/auth/current-actor";
import type { Actor } from "@/lib/permissions/actor";
import { may } from "@/lib/permissions/effective";
import { listRepositories } from "@/lib/repositories/queries";
import { sanitizeSearch } from "@/lib/text";
import { listWorkspaces } from "@/lib/workspaces/queries";
import { readPage } from "../../read-page";

export const metadata = { title: "Workspaces" };

const pageSize = 50;
const repositoriesMax = 100;

export default async function WorkspacesPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const who = await requireActor();
  const search = await loadWorkspaceSearch(searchParams);
  const [workspaces, repositories] = await Promise.all([workspacesOf(who, search), repositoriesOf(who)]);
  const mayCreate = may(who, "repositories:create");
  const mayPublish = mayCreate || repositories.some(({ can }) => can.publish);

  return (
    <>
      <PageHeader
        title="Workspaces"
        description="Data transformations, grouped by repository. Choose one to run it."
        actions={
          <>
            {mayCreate && <NewRepository />}
            {mayPublish && (
              <ButtonLink href="/workspaces/-/publish" variant="primary" icon={<FileUp aria-hidden />}>
                Publish workspace
              </ButtonLink>
            )}
          </>
        }
      />
      <WorkspaceSearch />
      <Workspaces workspaces={workspaces} repositories={repositories} search={search} mayPublish={mayPublish} />
    </>
  );
}

function workspacesOf(who: Actor, search: Search) {
  const q = sanitizeSearch(search.q, 200) || undefined;
  return readPage(
    () => listWorkspaces(who, { q, cursor: search.after ?? undefined, limit: pageSize }),
    workspacesHref({ ...search, after: null }),
  );
}

/** Without access to repositories the list is empty, but the page still shows the workspaces that are shared with the actor. */
async function repositoriesOf(who: Actor) {
  if (!may(who, "repositories:access")) return [];
  return (await listRepositories(who, { limit: repositoriesMax })).items;
}
