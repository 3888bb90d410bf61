import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { JobPage } from "@/components/jobs/job-page";
import { requireActor } from "@/lib/auth/current-actor";
import { getJob, getLog } from "@/lib/jobs/queries";
import { jobPath } from "@/lib/jobs/schema";
import type { Actor } from "@/lib/permissions/actor";
import { orNotFound } from "../../or-not-found";

interface PageProps {
  params: Promise<{ id: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { id } = await readJob(await requireActor(), params);
  return { title: `Job ${id} · Jobs` };
}

export default async function OneJobPage({ params }: PageProps) {
  const who = await requireActor();
  const job = await readJob(who, params);
  const log = await orNotFound(() => getLog(who, job.id));
  return <JobPage key={job.id} opening={job} log={log} />;
}

/** Reads the job of the URL. The not-found page is the same for a hidden job, a missing job and a malformed id. */
async function readJob(who: Actor, params: PageProps["params"]) {
  const path = jobPath.safeParse(await params);
  return path.success ? orNotFound(() => readOnce(who, path.data.id)) : notFound();
}

const readOnce = cache(getJob);
