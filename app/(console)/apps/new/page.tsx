import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { createLoader, parseAsString, type SearchParams } from "nuqs/server";
import { Wizard } from "@/components/apps/wizard/wizard";
import { PageHeader } from "@/components/ui/page-header";
import { getAppDraft } from "@/lib/apps/queries";
import { type AppDraft, appName } from "@/lib/apps/schema";
import { requireActor } from "@/lib/auth/current-actor";
import { env } from "@/lib/env";
import { Refusal } from "@/lib/errors";
import type { Actor } from "@/lib/permissions/actor";
import { may } from "@/lib/permissions/effective";
import { suggestCopyName } from "@/lib/tokens/copy-name";
import { grantableItems } from "@/lib/tokens/grantable";
import { getWorkspace, listWorkspaces } from "@/lib/workspaces/queries";
import type { WorkspaceView } from "@/lib/workspaces/schema";
import { readApp } from "../read-app";

/** `?workspace=Samples/nearby-earthquakes` selects that workspace, `?from=<slug>` copies all settings of another app. */
const loadSearch = createLoader({ from: parseAsString, workspace: parseAsString });

const workspacesMax = 100;

interface PageProps {
  searchParams: Promise<SearchParams>;
}

export async function generateMetadata({ searchParams }: PageProps): Promise<Metadata> {
  const { from } = await loadSearch(searchParams);
  if (!from) return { title: "Create app · Apps" };
  const { name } = await readApp(await requireActor(), from);
  return { title: `Duplicate ${name} · Apps` };
}

export default async function NewAppPage({ searchParams }: PageProps) {
  const who = await requireActor();
  if (!may(who, "apps:create")) notFound();
  const { from, workspace } = await loadSearch(searchParams);
  const original = from ? await readApp(who, from) : null;
  const copied = original && {
    ...(await getAppDraft(who, original.slug)),
    name: await suggestCopyName(who, original.name),
  };
  const wanted = copied ? `${copied.repository}/${copied.workspace}` : workspace;
  const [given, listed, grantable] = await Promise.all([
    wanted ? readRunnable(who, wanted) : null,
    listWorkspaces(who, { limit: workspacesMax }),
    grantableItems(who),
  ]);

  return (
    <>
      <PageHeader
        trail={[{ name: "Apps", href: "/apps" }]}
        title={original ? `Duplicate ${original.name}` : "Create app"}
        description={
          original
            ? "A new app with the same settings and its own URL and token. The original doesn't change."
            : "A public page that runs one workspace for anyone who has the URL."
        }
      />
      <Wizard
        key={`${from} ${workspace}`}
        draftKey={[who.userName, from ? `from ${from}` : (workspace ?? "")].join(" ")}
        isCopy={copied !== null}
        start={copied ? { ...copied, ...(given ? {} : noWorkspace) } : draftFor(given)}
        offer={{
          workspaces: { items: choicesOf(given, listed.items), isCut: listed.nextCursor !== null },
          grantable,
          daysMax: env().tokenLifetimeDaysMax,
        }}
      />
    </>
  );
}

/** Reads the workspace of a path like `Samples/nearby-earthquakes`. Null unless the actor may read and run it. */
async function readRunnable(who: Actor, path: string): Promise<WorkspaceView | null> {
  const [repository = "", name = ""] = path.split("/");
  try {
    const workspace = await getWorkspace(who, { repository, name });
    return workspace.can.run ? workspace : null;
  } catch (error) {
    if (error instanceof Refusal && (error.code === "not-found" || error.code === "forbidden")) return null;
    throw error;
  }
}

const noWorkspace = { repository: "", workspace: "", parameters: [] };

function draftFor(workspace: WorkspaceView | null): AppDraft {
  const nothing = { name: "", description: "", ...noWorkspace, frameOrigins: [], permissions: [] };
  if (!workspace) return nothing;
  const { repository, name, title, description } = workspace;
  const isName = appName.safeParse(title).success;
  return { ...nothing, repository, workspace: name, name: isName ? title : "", description: description.slice(0, 500) };
}

/** The workspaces to choose from. The given one comes first, because a long list may not contain it. */
function choicesOf(given: WorkspaceView | null, listed: WorkspaceView[]): WorkspaceView[] {
  const others = listed.filter(
    ({ can, repository, name }) => can.run && !(repository === given?.repository && name === given.name),
  );
  return given ? [given, ...others] : others;
}
