import type { Metadata } from "next";
import { AppActions } from "@/components/apps/app-actions";
import { AppFacts } from "@/components/apps/app-facts";
import { AppFaults } from "@/components/apps/app-faults";
import { AppRuns } from "@/components/apps/app-runs";
import { AppSettings } from "@/components/apps/app-settings";
import { AppStatus } from "@/components/apps/app-status";
import { Sharing } from "@/components/sharing/sharing";
import { PageHeader } from "@/components/ui/page-header";
import { Section } from "@/components/ui/section";
import type { AppView } from "@/lib/apps/schema";
import { requireActor } from "@/lib/auth/current-actor";
import { Refusal } from "@/lib/errors";
import { listJobs } from "@/lib/jobs/queries";
import type { Actor } from "@/lib/permissions/actor";
import { mayShare } from "@/lib/sharing/items";
import { listGrants, rolesToShareWith } from "@/lib/sharing/queries";
import { getWorkspace } from "@/lib/workspaces/queries";
import { readApp } from "../read-app";

/** The jobs page shows all runs. */
const runsMax = 5;

interface PageProps {
  params: Promise<{ slug: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { name } = await readApp(await requireActor(), (await params).slug);
  return { title: `${name} · Apps` };
}

export default async function AppPage({ params }: PageProps) {
  const who = await requireActor();
  const app = await readApp(who, (await params).slug);
  const [published, runs] = await Promise.all([
    readPublishedParameters(who, app),
    listJobs(who, { app: app.slug, limit: runsMax }),
  ]);

  return (
    <>
      <PageHeader
        trail={[{ name: "Apps", href: "/apps" }]}
        title={app.name}
        description={<AppStatus app={app} />}
        actions={<AppActions app={app} />}
      />
      <AppFaults app={app} />
      <AppFacts app={app} />
      <AppRuns app={app} jobs={runs.items} hasMore={runs.nextCursor !== null} />
      {app.can.edit && (
        <Section title="Settings">
          <AppSettings
            // The form resets when the app has changed, here or elsewhere.
            key={JSON.stringify([app.name, app.description, app.parameters, app.frameOrigins, published])}
            app={app}
            published={published}
          />
        </Section>
      )}
      {mayShare(who, { app: app.slug }) && <AppSharing who={who} slug={app.slug} />}
    </>
  );
}

async function AppSharing({ who, slug }: { who: Actor; slug: string }) {
  const [grants, roles] = await Promise.all([listGrants(who, { app: slug }), rolesToShareWith()]);
  return (
    <Sharing
      path={`/api/v1/apps/${slug}/grants`}
      noun="app"
      grants={grants.items}
      grantable={{ only: `app/${slug}:manage` }}
      roles={roles}
    />
  );
}

/** Reads the current parameters of the app's workspace. Null if it was removed or the actor may not read it. */
async function readPublishedParameters(who: Actor, { repository, workspace }: AppView) {
  try {
    return (await getWorkspace(who, { repository, name: workspace })).parameters;
  } catch (error) {
    if (error instanceof Refusal && (error.code === "not-found" || error.code === "forbidden")) return null;
    throw error;
  }
}
