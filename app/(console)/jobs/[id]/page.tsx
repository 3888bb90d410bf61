import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { JobPage } from "@/components/jobs/job-page";
import { requireActor } from "@/lib/auth/current-actor";
import { Refusal } from "@/lib/errors";
import { getJob, getLog } from "@/lib/jobs/queries";
import { jobPath } from "@/lib/jobs/schema";

interface PageProps {
  params: Promise<{ id: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const path = jobPath.safeParse(await params);
  return { title: path.success ? `Job ${path.data.id}` : "Jobs" };
}

export default async function OneJobPage({ params }: PageProps) {
  const who = await requireActor();
  const path = jobPath.safeParse(await params);
  if (!path.success) notFound();
  try {
    const [job, log] = await Promise.all([getJob(who, path.data.id), getLog(who, path.data.id)]);
    return <JobPage key={job.id} opening={job} log={log} />;
  } catch (error) {
    if (error instanceof Refusal && error.code === "not-found") notFound();
    throw error;
  }
}
