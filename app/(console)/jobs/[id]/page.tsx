import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { JobPage } from "@/components/jobs/job-page";
import { requireActor } from "@/lib/auth/current-actor";
import { Refusal } from "@/lib/errors";
import { getJob, getLog } from "@/lib/jobs/queries";
import { jobPath } from "@/lib/jobs/schema";
import type { Actor } from "@/lib/permissions/actor";

interface PageProps {
  params: Promise<{ id: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { id } = await jobAt(await requireActor(), params);
  return { title: `Job ${id} · Jobs` };
}

export default async function OneJobPage({ params }: PageProps) {
  const who = await requireActor();
  const job = await jobAt(who, params);
  const log = await orNotFound(getLog(who, job.id));
  return <JobPage key={job.id} opening={job} log={log} />;
}

/** The job of an address; the not-found page for one that is not visible, unknown or malformed alike. */
async function jobAt(who: Actor, params: PageProps["params"]) {
  const path = jobPath.safeParse(await params);
  return path.success ? orNotFound(readOnce(who, path.data.id)) : notFound();
}

/** Read once per request. */
const readOnce = cache(getJob);

async function orNotFound<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Refusal && error.code === "not-found") notFound();
    throw error;
  }
}
