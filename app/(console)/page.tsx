import { AppStatus } from "@/components/apps/app-status";
import { FirstSteps } from "@/components/home/first-steps";
import { ListCard, ListCardItem } from "@/components/home/list-card";
import { RunsPerDay } from "@/components/jobs/runs-per-day";
import { jobsHref } from "@/components/jobs/search";
import { amountOf } from "@/components/tokens/labels";
import { PageHeader } from "@/components/ui/page-header";
import { RelativeTime } from "@/components/ui/relative-time";
import { getFirstSteps } from "@/lib/account/first-steps";
import { listApps } from "@/lib/apps/queries";
import { requireActor } from "@/lib/auth/current-actor";
import { countJobs } from "@/lib/jobs/counts";
import { listJobs } from "@/lib/jobs/queries";
import { may } from "@/lib/permissions/effective";
import { countTokens, listTokens } from "@/lib/tokens/queries";

export const metadata = { title: "Home" };

const shownItems = 5;

export default async function HomePage() {
  const who = await requireActor();
  const [steps, active, tokens, counts, failures, apps] = await Promise.all([
    getFirstSteps(who),
    countTokens(who, { kind: "api", state: "enabled" }),
    listTokens(who, { kind: "api", state: "enabled", sort: "expiresAt", limit: shownItems }),
    countJobs(who, {}),
    listJobs(who, { status: "failed", limit: shownItems }),
    may(who, "apps:access") ? listApps(who, { sort: "-lastRunAt", limit: shownItems }) : null,
  ]);

  return (
    <>
      <PageHeader title="Home" />
      <FirstSteps steps={steps} />
      <RunsPerDay days={counts.days} />
      <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-3">
        <ListCard
          title="Tokens that expire next"
          href="/settings/tokens"
          link={`${amountOf(active)} active`}
          empty="You have no active tokens."
        >
          {tokens.items.map(({ id, name, expiresAt }) => (
            <ListCardItem key={id} href={`/settings/tokens/${id}`} name={name}>
              <RelativeTime at={expiresAt} />
            </ListCardItem>
          ))}
        </ListCard>
        <ListCard
          title="Failed jobs"
          href={jobsHref({ status: "failed" })}
          link="All failed"
          empty="No job has failed."
        >
          {failures.items.map(({ id, repository, workspace, submittedAt }) => (
            <ListCardItem key={id} href={`/jobs/${id}`} name={`${id} · ${repository}/${workspace}`}>
              <RelativeTime at={submittedAt} />
            </ListCardItem>
          ))}
        </ListCard>
        {apps && (
          <ListCard title="Apps" href="/apps" link="All apps" empty="You have no apps.">
            {apps.items.map((app) => (
              <ListCardItem key={app.slug} href={`/apps/${app.slug}`} name={app.name}>
                <AppStatus app={app} />
              </ListCardItem>
            ))}
          </ListCard>
        )}
      </div>
    </>
  );
}
