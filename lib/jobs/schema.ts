import { z } from "zod";
import { isoDateTime, lookedUpName, searchText } from "../fields";
import { outputFormats, parameterValue } from "../workspaces/schema";

export const jobStatuses = ["queued", "running", "succeeded", "failed", "cancelled"] as const;
export type JobStatus = (typeof jobStatuses)[number];

export const isFinished = (status: JobStatus) => status !== "queued" && status !== "running";

export const jobPath = z.object({
  id: z
    .string()
    .regex(/^[1-9]\d{0,9}$/)
    .transform(Number)
    .refine((id) => id <= 2_147_483_647),
});

export const newRun = z.strictObject({
  parameters: z
    .record(z.string().max(100), parameterValue.nullable())
    .default({})
    .describe("Values by parameter name."),
});
export type NewRun = z.infer<typeof newRun>;

/** Selects jobs whatever their status. */
export const jobSelection = z.object({
  q: searchText.optional().describe("Part of the name of the repository, workspace or app, or the number of the job."),
  from: isoDateTime.optional().describe("Only jobs submitted at this time or later."),
  to: isoDateTime.optional().describe("Only jobs submitted before this time."),
  submittedBy: lookedUpName.optional().describe("Only jobs of the user with this username."),
  repository: lookedUpName.optional().describe("Only jobs of workspaces in this repository."),
  workspace: lookedUpName.optional().describe("Only jobs of workspaces with this name."),
  app: lookedUpName.optional().describe("Only runs of the app at `/a/{app}`."),
});
export type JobSelection = z.infer<typeof jobSelection>;

export const jobFilter = jobSelection.extend({
  status: z.enum(jobStatuses).optional().describe("Only jobs with this status."),
});
export type JobFilter = z.infer<typeof jobFilter>;

export const jobView = z
  .object({
    id: z.int(),
    repository: z.string(),
    workspace: z.string(),
    status: z.enum(jobStatuses),
    reason: z.string().nullable().describe("Why it failed or was cancelled, in a sentence."),
    submittedBy: z.object({
      user: z.string().describe("User name."),
      token: z
        .object({ kind: z.enum(["api", "session"]), name: z.string() })
        .nullable()
        .describe("Only for your own jobs."),
      app: z.string().nullable().describe("The name of the app that ran it."),
    }),
    parameters: z.record(z.string(), parameterValue.nullable()).describe("The values it ran with, including defaults."),
    output: z.enum(outputFormats),
    result: z
      .object({ rows: z.int(), bytes: z.int(), mediaType: z.string(), fileName: z.string() })
      .nullable()
      .describe("Set when the job has succeeded. Get it at `/api/v1/jobs/{id}/result`."),
    submittedAt: z.iso.datetime(),
    startedAt: z.iso.datetime().nullable(),
    finishedAt: z.iso.datetime().nullable(),
    can: z.object({ cancel: z.boolean() }),
  })
  .meta({ id: "Job" });
export type JobView = z.infer<typeof jobView>;

const count = z.int().min(0);

export const jobCounts = z
  .object({
    statuses: z.object({ queued: count, running: count, succeeded: count, failed: count, cancelled: count }),
    days: z
      .array(z.object({ day: z.iso.date(), succeeded: count, failed: count, cancelled: count }))
      .describe("The finished jobs by the day (UTC) of their submission: the 30 days that end with `to`, or today."),
  })
  .meta({ id: "JobCounts" });
export type JobCounts = z.infer<typeof jobCounts>;

export const logLine = z
  .object({ at: z.iso.datetime(), level: z.enum(["info", "error"]), text: z.string() })
  .meta({ id: "JobLogLine" });
export type LogLine = z.infer<typeof logLine>;

export const jobLog = z.object({ items: z.array(logLine) });
