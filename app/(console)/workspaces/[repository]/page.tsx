import { FileUp } from "lucide-react";
import type { Metadata } from "next";
import { DataFiles } from "@/components/repositories/data-files";
import { RemoveRepository } from "@/components/repositories/remove-repository";
import { Sharing } from "@/components/sharing/sharing";
import { ButtonLink } from "@/components/ui/button-link";
import { PageHeader } from "@/components/ui/page-header";
import { RelativeTime } from "@/components/ui/relative-time";
import { Card, Fact, Facts } from "@/components/ui/section";
import { RepositoryShelf } from "@/components/workspaces/repository-shelf";
import { requireActor } from "@/lib/auth/current-actor";
import type { Actor } from "@/lib/permissions/actor";
import { getRepository, listFiles } from "@/lib/repositories/queries";
import { listGrants, rolesToShareWith, shareableOn } from "@/lib/sharing/queries";
import { decodeSegment } from "@/lib/text";
import { listWorkspaces } from "@/lib/workspaces/queries";
import { orNotFound } from "../../or-not-found";

interface PageProps {
  params: Promise<{ repository: string }>;
}

const workspacesMax = 100;
const filesMax = 100;

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { name } = await readRepository(await requireActor(), (await params).repository);
  return { title: `${name} · Workspaces` };
}

export default async function RepositoryPage({ params }: PageProps) {
  const who = await requireActor();
  const repository = await readRepository(who, (await params).repository);
  const [workspaces, files] = await Promise.all([
    listWorkspaces(who, { repository: repository.name, limit: workspacesMax }),
    listFiles(who, repository.name, { limit: filesMax }),
  ]);

  const isEmpty = repository.workspaces + repository.files === 0;
  return (
    <>
      <PageHeader
        trail={[{ name: "Workspaces", href: "/workspaces" }]}
        title={repository.name}
        description={repository.description || undefined}
        actions={
          <>
            {isEmpty && repository.can.remove && <RemoveRepository name={repository.name} />}
            {repository.can.publish && (
              <ButtonLink
                href={`/workspaces/-/publish?${new URLSearchParams({ repository: repository.name })}`}
                variant="primary"
                icon={<FileUp aria-hidden />}
              >
                Publish workspace
              </ButtonLink>
            )}
          </>
        }
      />
      <Card>
        <Facts>
          <Fact name="Owner">{repository.owner}</Fact>
          <Fact name="Created">
            <RelativeTime at={repository.createdAt} />
          </Fact>
        </Facts>
      </Card>
      <RepositoryShelf
        title="Workspaces"
        repository={{ ...repository, description: "" }}
        workspaces={workspaces.items}
      />
      <DataFiles repository={repository} files={files.items} />
      {repository.can.share && <RepositorySharing who={who} repository={repository.name} />}
    </>
  );
}

async function RepositorySharing({ who, repository }: { who: Actor; repository: string }) {
  const [grants, grid, roles] = await Promise.all([
    listGrants(who, { repository }),
    shareableOn(who, repository),
    rolesToShareWith(),
  ]);
  return (
    <Sharing
      path={`/api/v1/repositories/${encodeURIComponent(repository)}/grants`}
      noun="repository"
      grants={grants.items}
      grantable={{ grid }}
      roles={roles}
    />
  );
}

function readRepository(who: Actor, encoded: string) {
  return orNotFound(() => getRepository(who, decodeSegment(encoded)), ["not-found", "forbidden"]);
}
