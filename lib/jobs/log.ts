import { now } from "../clock";
import { db } from "../db";
import type { ClaimedJob } from "./transitions";

/** What a job tells, written down as it comes. */
export class JobLog {
  private count = 0;
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly job: ClaimedJob) {}

  write(level: "info" | "error", text: string): void {
    const seq = this.job.attempt * 10_000 + this.count++;
    const data = { jobId: this.job.id, seq, at: now(), level, text };
    this.last = this.last.then(() => db.jobLogLine.create({ data, select: { seq: true } }));
    this.last.catch(() => undefined);
  }

  /** @throws whatever kept a line from being written */
  async written(): Promise<void> {
    await this.last;
  }
}
