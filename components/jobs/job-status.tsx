import { Status, type StatusTone } from "@/components/ui/status";
import type { JobStatus as Name } from "@/lib/jobs/schema";

const appearances: Record<Name, { tone: StatusTone; word: string }> = {
  queued: { tone: "idle", word: "Queued" },
  running: { tone: "busy", word: "Running" },
  succeeded: { tone: "ok", word: "Succeeded" },
  failed: { tone: "bad", word: "Failed" },
  cancelled: { tone: "off", word: "Cancelled" },
};

/** Every status in the order in which a job may reach them. */
export const statuses = Object.keys(appearances) as Name[];

export const statusWord = (status: Name) => appearances[status].word;

export function JobStatus({ status }: { status: Name }) {
  const { tone, word } = appearances[status];
  return <Status tone={tone}>{word}</Status>;
}

/** True until a job has ended. It is not in lib/jobs/schema, because that module would load the validator into the page. */
export const isUnderWay = (status: Name) => status === "queued" || status === "running";
