import { Status, type StatusTone } from "@/components/ui/status";
import type { JobStatus as Name } from "@/lib/jobs/schema";

const looks: Record<Name, { tone: StatusTone; word: string }> = {
  queued: { tone: "idle", word: "Queued" },
  running: { tone: "busy", word: "Running" },
  succeeded: { tone: "ok", word: "Succeeded" },
  failed: { tone: "bad", word: "Failed" },
  cancelled: { tone: "off", word: "Cancelled" },
};

/** Every status, in the order in which a job may come by them. */
export const statuses = Object.keys(looks) as Name[];

export const statusWord = (status: Name) => looks[status].word;

/** How a job stands, as word and shape. */
export function JobStatus({ status }: { status: Name }) {
  const { tone, word } = looks[status];
  return <Status tone={tone}>{word}</Status>;
}

/** Something will still happen to it. (Asked here and not of lib/jobs/schema, which would bring its validator to the page.) */
export const isUnderWay = (status: Name) => status === "queued" || status === "running";
