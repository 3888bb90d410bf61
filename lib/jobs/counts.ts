import { days as daysMs, later } from "../clock";
import { db } from "../db";
import type { Actor } from "../permissions/actor";
import type { JobCounts, JobSelection, JobStatus } from "./schema";
import { whereSelected } from "./selection";

const countedDays = 30;

/** Counts the selected jobs that the actor may see: all of them by status, and those of the last 30 days by day. */
export async function countJobs(who: Actor, selection: JobSelection): Promise<JobCounts> {
  const groups = await db.job.groupBy({
    by: ["submittedDay", "status"],
    where: whereSelected(who, selection),
    _count: true,
  });
  const statuses = { queued: 0, running: 0, succeeded: 0, failed: 0, cancelled: 0 } satisfies Record<JobStatus, number>;
  const days = new Map(
    lastDays(selection.to ? later(selection.to, -1) : who.now).map((day) => [
      day,
      { day, succeeded: 0, failed: 0, cancelled: 0 },
    ]),
  );
  for (const { submittedDay, status, _count: count } of groups) {
    statuses[status] += count;
    const day = days.get(dayOf(submittedDay));
    if (day && status !== "queued" && status !== "running") day[status] += count;
  }
  return { statuses, days: [...days.values()] };
}

/** The days until the given time, in order, like `2026-01-31`. */
const lastDays = (end: Date) =>
  Array.from({ length: countedDays }, (_, index) => dayOf(later(end, daysMs(index + 1 - countedDays))));

const dayOf = (time: Date) => time.toISOString().slice(0, 10);
