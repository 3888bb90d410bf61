import { z } from "zod";
import { actorOf } from "@/lib/auth/credentials";
import { minutes } from "@/lib/clock";
import { unauthenticated } from "@/lib/errors";
import { accepted } from "@/lib/http/answer";
import { endpoint } from "@/lib/http/endpoint";
import { fileAnswer } from "@/lib/http/file-answer";
import { otherMethods } from "@/lib/http/methods";
import { submitRun } from "@/lib/jobs/commands";
import { resultOf } from "@/lib/jobs/queries";
import { isFinished, jobView, newRun } from "@/lib/jobs/schema";
import { waitForJob } from "@/lib/jobs/wait";
import { demand } from "@/lib/permissions/actor";
import { runPermission } from "@/lib/permissions/catalog";
import { type WorkspacePath, workspacePath } from "@/lib/workspaces/schema";

export const POST = endpoint(
  {
    summary: "Run a workspace",
    description:
      "Returns the result in its output format, and the job id in the header X-Tessera-Job. With `Prefer: respond-async`, or if the run takes longer than five minutes, returns 202 with the job. The job keeps running if you disconnect.",
    params: workspacePath,
    headers: z.object({ prefer: z.string().max(1000).optional().describe("`respond-async` to return immediately.") }),
    body: newRun,
    example: { parameters: { LATITUDE: 61.2, LONGITUDE: -149.9 } },
    allowUrlToken: true,
    answers: { 200: { description: "The result.", contentType: "*/*" }, 202: jobView },
  },
  async ({ who, params, headers, body, request }) => {
    const submitted = await submitRun(who, params, body);
    const location = `/api/v1/jobs/${submitted.id}`;
    if (/(^|[,\s])respond-async($|[,;\s])/i.test(headers.prefer ?? "")) return accepted(submitted, location);
    const job = await waitForJob(who, submitted.id, { timeoutMs: minutes(5), signal: request.signal });
    await demandStillPermitted(request, params);
    if (!isFinished(job.status)) return accepted(job, location);
    return fileAnswer({ ...resultOf(job), disposition: "inline", headers: { "X-Tessera-Job": String(job.id) } });
  },
);

/** Checks the token again, since the run may have taken minutes. @throws Refusal like the endpoint itself. */
async function demandStillPermitted(request: Request, workspace: WorkspacePath): Promise<void> {
  const who = await actorOf(request, { allowUrlToken: true });
  if (!who) throw unauthenticated("missing");
  demand(who, runPermission(workspace));
}

export const { GET, HEAD, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ POST });
