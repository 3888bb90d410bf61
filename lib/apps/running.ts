import { hash, randomBytes } from "node:crypto";
import { minutes } from "../clock";
import { db } from "../db";
import { env } from "../env";
import { conflict, Refusal } from "../errors";
import type { Prisma } from "../generated/prisma/client";
import { submitRun } from "../jobs/commands";
import { type JobResult, jobFields, jobViewOf, storedResult } from "../jobs/queries";
import { isFinished, type JobStatus, type JobView, type NewRun } from "../jobs/schema";
import type { Actor } from "../permissions/actor";
import { consumeRateLimit, networkOf } from "../rate-limits";
import { Secret } from "../secret";
import { noteUse } from "../verification/usage";
import { type Presentation, verifyDigest } from "../verification/verify";
import { defaultOutput, type Output } from "../workspaces/file";
import type { WorkspacePath } from "../workspaces/schema";
import { type ConfiguredParameter, shownParameters, valuesOfRun } from "./parameters";
import type { AppRunView, PublicApp } from "./schema";
import { faultsOf } from "./state";
import { type AppRow, appFields, parametersOf, pathOf, standingOf } from "./view";

/** The sender of a request without credentials. */
export type Visitor = Omit<Presentation, "inUrl">;

/** What a visitor sees of an app. Refuses `not-found`, the same whether it does not exist or does not run. */
export async function getPublicApp(visitor: Visitor, slug: string): Promise<PublicApp> {
  const { app, workspace, parameters } = await findRunningApp(visitor, slug);
  return {
    slug: app.slug,
    name: app.name,
    description: app.description,
    output: defaultOutput({ output: workspace.output as Output, parameters }),
    parameters: shownParameters(parameters),
  };
}

/** The origins whose pages may embed the app. One that does not run has none, since headers must not show it exists. */
export async function getFrameOrigins(slug: string): Promise<string[]> {
  try {
    return (await findRunningApp({ ip: null, agent: null }, slug)).app.frameOrigins;
  } catch (error) {
    if (error instanceof Refusal && error.code === "not-found") return [];
    throw error;
  }
}

/** Runs an app for a visitor, with the app's token. Only this answer has the key that is needed to read the run.
 * Refuses `not-found` when the app is not available; `too-many` with `Retry-After`, for the visitor's network or for
 * the app; `invalid` on `parameters.<NAME>`, also for a hidden parameter. */
export async function runApp(visitor: Visitor, slug: string, run: NewRun): Promise<{ run: AppRunView; key: Secret }> {
  const { app, who, path, parameters } = await findRunningApp(visitor, slug);
  const { appRunsPerMinute, appUnfinishedRuns: unfinishedMax } = env();
  await consumeRateLimit(`app-run:${app.id}:${hash("sha256", networkOf(visitor.ip))}`, {
    max: appRunsPerMinute,
    windowMs: minutes(1),
    sentence: "Too many runs from your network.",
    now: who.now,
  });
  const values = valuesOfRun(parameters, run.parameters);
  const key = new Secret(randomBytes(32).toString("base64url"));
  const runKeyDigest = digestOf(key.reveal());
  noteUse(who.token.id, { at: who.now, ip: visitor.ip, agent: visitor.agent });
  try {
    const { id, name } = app;
    const job = await submitRun(who, path, { parameters: values }, { id, name, runKeyDigest, unfinishedMax });
    return { run: runView(slug, job), key };
  } catch (error) {
    throw isRemoved(error) ? notAvailable() : error;
  }
}

/** Refuses `not-found` for a wrong key, or when the app is no longer available. */
export async function getAppRun(visitor: Visitor, slug: string, key: string): Promise<AppRunView> {
  const { run } = await findRun(visitor, slug, key);
  return run;
}

export interface AppRunResult {
  bytes: number;
  mediaType: string;
  fileName: string;
  tag: string;
  read: JobResult["read"];
}

/** Refuses as {@link getAppRun} does; `conflict` before the run is finished; `failed` when it has no result. */
export async function getAppRunResult(visitor: Visitor, slug: string, key: string): Promise<AppRunResult> {
  const { id, run } = await findRun(visitor, slug, key);
  const { status, result, message } = run;
  if (!isFinished(status)) throw conflict("This run is not finished yet. Try again later.");
  if (!result) throw new Refusal("failed", message ?? "This run has no result.");
  return { ...result, ...storedResult(id, result.bytes) };
}

interface RunningApp {
  app: RunningRow;
  /** The visitor, with the permissions of the app's token. */
  who: Actor;
  workspace: NonNullable<AppRow["workspace"]>;
  path: WorkspacePath;
  parameters: ConfiguredParameter[];
}

const runningFields = {
  ...appFields,
  token: { select: { ...appFields.token.select, digest: true } },
} satisfies Prisma.AppSelect;

type RunningRow = Prisma.AppGetPayload<{ select: typeof runningFields }>;

/** The refusal does not tell visitors why the app does not run. */
async function findRunningApp(visitor: Visitor, slug: string): Promise<RunningApp> {
  const app = await db.app.findUnique({ where: { slug }, select: runningFields });
  if (!app?.token || !app.workspace) throw notAvailable();
  const { who, expiresAt } = await verifyAppToken(app.token.digest, visitor);
  const token = { enabled: true, expiresAt, given: who.given, held: who.owner };
  const parameters = parametersOf(app);
  if (!parameters || faultsOf(standingOf(app, token), who.now).length > 0) throw notAvailable();
  return { app, who, workspace: app.workspace, path: pathOf(app.workspace), parameters };
}

/** Refuses `not-found` when the app's token is not accepted, for any reason. */
async function verifyAppToken(digest: Uint8Array, visitor: Visitor) {
  try {
    return await verifyDigest(digest, visitor);
  } catch (error) {
    throw error instanceof Refusal && error.code === "unauthenticated" ? notAvailable() : error;
  }
}

async function findRun(visitor: Visitor, slug: string, key: string): Promise<{ id: number; run: AppRunView }> {
  const { app, who } = await findRunningApp(visitor, slug);
  const row = await db.job.findFirst({ where: { appId: app.id, runKeyDigest: digestOf(key) }, select: jobFields });
  if (!row) throw notAvailable();
  return { id: row.id, run: runView(slug, jobViewOf(who, row)) };
}

/** The app, its token or its workspace can be removed after the app was read and before the job is created. */
const isRemoved = (error: unknown): boolean =>
  error instanceof Refusal && (error.code === "not-found" || error.code === "forbidden");

const notAvailable = () => new Refusal("not-found", "This app is not available.");

const digestOf = (key: string): Buffer<ArrayBuffer> => Buffer.from(hash("sha256", key, "buffer"));

/** The job's number and reason are left out, since they are for the app's owner only. */
function runView(slug: string, { status, output, result, ...times }: JobView): AppRunView {
  const { submittedAt, startedAt, finishedAt } = times;
  const message = messages[status] ?? null;
  return {
    status,
    message,
    output,
    result: result && { ...result, fileName: `${slug}.${output}` },
    submittedAt,
    startedAt,
    finishedAt,
  };
}

const messages: Partial<Record<JobStatus, string>> = {
  failed: "This run failed. Try other values, or contact the person who sent you this link.",
  cancelled: "This run was cancelled. Try again, or contact the person who sent you this link.",
};
