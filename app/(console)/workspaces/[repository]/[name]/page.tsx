import { AppWindow, Pencil } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import type { SearchParams } from "nuqs/server";
import { jobKey } from "@/components/runs/job-key";
import { RunPage } from "@/components/runs/run-page";
import { Sharing } from "@/components/sharing/sharing";
import { ButtonLink } from "@/components/ui/button-link";
import { PageHeader } from "@/components/ui/page-header";
import { runPageOf } from "@/components/workspaces/run-page-url";
import { WorkspaceActions } from "@/components/workspaces/workspace-actions";
import { WorkspaceFacts } from "@/components/workspaces/workspace-facts";
import { WorkspaceSource } from "@/components/workspaces/workspace-source";
import { appsOnWorkspace } from "@/lib/apps/queries";
import { requireActor } from "@/lib/auth/current-actor";
import type { Actor } from "@/lib/permissions/actor";
import { may } from "@/lib/permissions/effective";
import { listPublishable } from "@/lib/repositories/queries";
import { mayShare } from "@/lib/sharing/items";
import { listGrants, rolesToShareWith, shareableOnWorkspace } from "@/lib/sharing/queries";
import { readSource } from "@/lib/workspaces/queries";
import type { WorkspacePath, WorkspaceView } from "@/lib/workspaces/schema";
import { readJobFromUrl } from "./read-job-from-url";
import { readWorkspace } from "./read-workspace";

interface PageProps {
  params: Promise<{ repository: string; name: string }>;
  searchParams: Promise<SearchParams>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { title } = await readWorkspace(await requireActor(), await params);
  return { title: `${title} · Workspaces` };
}

export default async function WorkspacePage({ params, searchParams }: PageProps) {
  const who = await requireActor();
  const workspace = await readWorkspace(who, await params);
  const { [jobKey]: jobId, ...given } = firstValues(await searchParams);
  const [opening, source] = await Promise.all([
    readJobFromUrl(who, workspace, jobId),
    workspace.can.download ? readSource(who, workspace) : null,
  ]);

  return (
    <>
      <PageHeader
        trail={[{ name: "Workspaces", href: "/workspaces" }, { name: workspace.repository }]}
        title={workspace.title}
        description={workspace.description || undefined}
        actions={
          <>
            {workspace.can.replace && workspace.can.download && (
              <ButtonLink
                href={`${runPageOf({ repository: workspace.repository, workspace: workspace.name })}/edit`}
                icon={<Pencil aria-hidden />}
              >
                Edit
              </ButtonLink>
            )}
            {workspace.can.run && may(who, "apps:create") && (
              <ButtonLink
                href={`/apps/new?${new URLSearchParams({ workspace: `${workspace.repository}/${workspace.name}` })}`}
                icon={<AppWindow aria-hidden />}
              >
                Create app
              </ButtonLink>
            )}
            {workspace.can.remove && <Relocation who={who} workspace={workspace} />}
          </>
        }
      />
      <WorkspaceFacts workspace={workspace} />
      <RunPage workspace={workspace} given={given} opening={opening} />
      {mayShare(who, { workspace }) && <WorkspaceSharing who={who} workspace={workspace} />}
      {source !== null && <WorkspaceSource workspace={workspace} source={source} />}
    </>
  );
}

async function Relocation({ who, workspace }: { who: Actor; workspace: WorkspaceView }) {
  const [repositories, apps] = await Promise.all([listPublishable(who), appsOnWorkspace(who, workspace)]);
  return <WorkspaceActions workspace={workspace} repositories={repositories} apps={apps} />;
}

async function WorkspaceSharing({ who, workspace }: { who: Actor; workspace: WorkspacePath }) {
  const [grants, roles] = await Promise.all([listGrants(who, { workspace }), rolesToShareWith()]);
  const path = [workspace.repository, workspace.name].map(encodeURIComponent).join("/");
  return (
    <Sharing
      path={`/api/v1/workspaces/${path}/grants`}
      noun="workspace"
      hint={
        <>
          Users and roles that the repository{" "}
          <Link
            href={`/workspaces/${encodeURIComponent(workspace.repository)}`}
            className="rounded-[4px] text-clay-ink underline underline-offset-2"
          >
            {workspace.repository}
          </Link>{" "}
          is shared with can use this workspace too.
        </>
      }
      grants={grants.items}
      grantable={{ few: shareableOnWorkspace(workspace) }}
      roles={roles}
    />
  );
}

/**
 * Takes the first value of a parameter that the URL has several times. Next.js lists what every object inherits as the first value of
 * a parameter called `toString`.
 */
function firstValues(search: SearchParams): Record<string, string | undefined> {
  const first = (value: unknown) => [value].flat().find((each) => typeof each === "string");
  return Object.fromEntries(Object.entries(search).map(([name, value]) => [name, first(value)]));
}
