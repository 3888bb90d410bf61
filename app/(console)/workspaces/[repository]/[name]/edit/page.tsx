import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { PageHeader } from "@/components/ui/page-header";
import { EditWorkspace } from "@/components/workspaces/edit-workspace";
import { runPageOf } from "@/components/workspaces/run-page-url";
import { requireActor } from "@/lib/auth/current-actor";
import { readSource, sha256Of } from "@/lib/workspaces/queries";
import { readWorkspace } from "../read-workspace";

interface PageProps {
  params: Promise<{ repository: string; name: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { title } = await readWorkspace(await requireActor(), await params);
  return { title: `Edit ${title} · Workspaces` };
}

/** It needs the permissions to replace the workspace and to download it, since it shows its text. */
export default async function EditPage({ params }: PageProps) {
  const who = await requireActor();
  const { repository, name, title, can } = await readWorkspace(who, await params);
  if (!can.replace || !can.download) notFound();
  const text = await readSource(who, { repository, name });
  return (
    <>
      <PageHeader
        trail={[
          { name: "Workspaces", href: "/workspaces" },
          { name: repository, href: `/workspaces/${encodeURIComponent(repository)}` },
          { name: title, href: runPageOf({ repository, workspace: name }) },
        ]}
        title={`Edit ${title}`}
        description="Runs that start after you publish use the new text, in apps too."
      />
      <EditWorkspace
        userName={who.userName}
        path={{ repository, name }}
        published={{ text, tag: `"${sha256Of(text)}"` }}
      />
    </>
  );
}
