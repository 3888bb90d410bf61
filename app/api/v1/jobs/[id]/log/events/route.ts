import { z } from "zod";
import { demandActor } from "@/lib/auth/credentials";
import { endpoint } from "@/lib/http/endpoint";
import { eventStream, eventStreamMs, eventStreamType, type ServerSentEvent } from "@/lib/http/event-stream";
import { otherMethods } from "@/lib/http/methods";
import { followJob, type JobNews } from "@/lib/jobs/follow";
import { getJob } from "@/lib/jobs/queries";
import { jobPath } from "@/lib/jobs/schema";

export const GET = endpoint(
  {
    summary: "Follow a job",
    description:
      "Server-sent events: `line` for each line of the log, with its number as the id, and `job` for the job at the start and at each change of its status. The stream ends when the job has finished, and after 50 seconds; clients connect again by themselves and continue after `Last-Event-ID`.",
    params: jobPath,
    headers: z.object({
      "last-event-id": z
        .string()
        .regex(/^\d{1,9}$/, "Use the id of an event.")
        .optional()
        .describe("Only lines after this one."),
    }),
    answers: { 200: { description: "The events.", contentType: eventStreamType } },
  },
  async ({ who, params, headers, request }) => {
    await getJob(who, params.id);
    const news = followJob(() => demandActor(request), params.id, {
      after: Number(headers["last-event-id"] ?? 0),
      timeoutMs: eventStreamMs,
      signal: request.signal,
    });
    return eventStream(eventsOf(news));
  },
);

async function* eventsOf(news: AsyncIterable<JobNews>): AsyncGenerator<ServerSentEvent> {
  for await (const each of news) {
    if ("job" in each) yield { event: "job", data: each.job };
    else yield { event: "line", data: each.line, id: each.number };
  }
}

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ GET });
