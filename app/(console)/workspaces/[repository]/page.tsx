import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Sharing } from "@/components/sharing/sharing";
import { PageHeader } from "@/components/ui/page-header";
import { RelativeTime } from "@/components/ui/relative-time";
import { Card, Fact, Facts } from "@/components/ui/section";
import { RepositoryShelf } from "@/components/workspaces/repository-shelf";
import { requireActor } from "@/lib/auth/current-actor";
import { Refusal } from "@/lib/errors";
import type { Actor } from "@/lib/permissions/actor";
import { getRepository } from "@/lib/repositories/queries";
import { listGrants, rolesToShareWith, shareableOn } from "@/lib/sharing/queries";
import { listWorkspaces } from "@/lib/workspaces/queries";

interface PageProps {
  params: Promise<{ repository: string }>;
}

const workspacesMax = 100;

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { name } = await repositoryOr404(await requireActor(), (await params).repository);
  return { title: name };
}

export default async function RepositoryPage({ params }: PageProps) {
  const who = await requireActor();
  const repository = await repositoryOr404(who, (await params).repository);
  const workspaces = await listWorkspaces(who, { repository: repository.name, limit: workspacesMax });

  return (
    <>
      <PageHeader
        trail={[{ name: "Workspaces", href: "/workspaces" }]}
        title={repository.name}
        description={repository.description || undefined}
      />
      <Card>
        <Facts>
          <Fact name="Owner">{repository.owner}</Fact>
          <Fact name="Created">
            <RelativeTime at={repository.createdAt} />
          </Fact>
          <Fact name="Data files">{repository.files}</Fact>
        </Facts>
      </Card>
      <RepositoryShelf
        title="Workspaces"
        repository={{ ...repository, description: "" }}
        workspaces={workspaces.items}
      />
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

async function repositoryOr404(who: Actor, encoded: string) {
  try {
    return await getRepository(who, decodeURIComponent(encoded));
  } catch (error) {
    const isOutOfSight = error instanceof Refusal && (error.code === "not-found" || error.code === "forbidden");
    if (isOutOfSight || error instanceof URIError) notFound();
    throw error;
  }
}
