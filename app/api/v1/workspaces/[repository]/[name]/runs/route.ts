import { z } from "zod";
import { demandActor } from "@/lib/auth/credentials";
import { minutes } from "@/lib/clock";
import { Refusal } from "@/lib/errors";
import { accepted } from "@/lib/http/answer";
import { endpoint } from "@/lib/http/endpoint";
import { fileAnswer } from "@/lib/http/file-answer";
import { ForeignBody } from "@/lib/http/foreign-body";
import { otherMethods } from "@/lib/http/methods";
import { submitRun } from "@/lib/jobs/commands";
import { resultOf } from "@/lib/jobs/queries";
import { isFinished, type JobView, jobView, type NewRun, newRun } from "@/lib/jobs/schema";
import { type AwaitedJob, waitForJob } from "@/lib/jobs/wait";
import { isOutage } from "@/lib/outage";
import { type Actor, demand } from "@/lib/permissions/actor";
import { runPermission } from "@/lib/permissions/catalog";
import { readBodyRule } from "@/lib/workspaces/queries";
import { type WorkspacePath, workspacePath } from "@/lib/workspaces/schema";

export const POST = endpoint(
  {
    summary: "Run a workspace",
    description:
      "Returns the result in its output format, and the job id in the header X-Tessera-Job. With `Prefer: respond-async`, or if the run takes longer than five minutes, returns 202 with the job. The job keeps running if you disconnect. Without a body it runs with the defaults. A body that is no run request is refused, unless the header of the workspace says `body: ignored` or `body: NAME`, the parameter that takes it as text.",
    params: workspacePath,
    headers: z.object({ prefer: z.string().max(1000).optional().describe("`respond-async` to return immediately.") }),
    body: newRun,
    anyBody: true,
    example: { parameters: { LATITUDE: 61.2, LONGITUDE: -149.9 } },
    allowUrlToken: true,
    answers: { 200: { description: "The result.", contentType: "*/*" }, 202: jobView },
  },
  async ({ who, params, headers, body, request }) => {
    const run = body instanceof ForeignBody ? await runOfForeignBody(who, params, body) : body;
    const submitted = await submitRun(who, params, run);
    const location = `/api/v1/jobs/${submitted.id}`;
    if (/(^|[,\s])respond-async($|[,;\s])/i.test(headers.prefer ?? "")) return accepted(submitted, location);
    const { job, content } = await finishedJob(who, submitted, params, request).catch((error) => {
      throw isOutage(error) ? submittedAlready(submitted.id, location, error) : error;
    });
    if (!isFinished(job.status)) return accepted(job, location);
    const { read, ...result } = resultOf(job);
    const named = { "X-Tessera-Job": String(job.id) };
    return fileAnswer({ ...result, chunks: content ?? read(), disposition: "inline", headers: named });
  },
);

/** @throws Refusal as for a malformed body, when the workspace takes run requests only. */
async function runOfForeignBody(who: Actor, workspace: WorkspacePath, body: ForeignBody): Promise<NewRun> {
  const rule = await readBodyRule(who, workspace);
  if (rule === null) throw body.refusal;
  return { parameters: rule === "ignored" ? {} : { [rule.parameter]: body.text() } };
}

async function finishedJob(
  who: Actor,
  submitted: JobView,
  workspace: WorkspacePath,
  request: Request,
): Promise<AwaitedJob> {
  const awaited = await waitForJob(who, submitted, { timeoutMs: minutes(5), signal: request.signal });
  await demandStillPermitted(request, workspace);
  return awaited;
}

/** Without the number of the job, a client would send the run again. */
function submittedAlready(id: number, location: string, cause: unknown): Refusal {
  const detail = `The database is unavailable. Job ${id} was submitted and goes on. Read it in a moment: GET ${location}.`;
  const headers = { "Retry-After": "2", "X-Tessera-Job": String(id), Location: location };
  return new Refusal("unavailable", detail, { headers, extra: { job: id }, cause });
}

/** Checks the token again, since the run may have taken minutes. @throws Refusal like the endpoint itself. */
async function demandStillPermitted(request: Request, workspace: WorkspacePath): Promise<void> {
  const who = await demandActor(request, { allowUrlToken: true });
  demand(who, runPermission(workspace));
}

export const { GET, HEAD, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ POST });
