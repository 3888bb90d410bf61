import { now } from "../clock";
import { db } from "../db";
import type { ClaimedJob } from "./transitions";

/** The log of a running job, whose lines are written to the database one after another, in the background. */
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

  /** Waits until all lines are written, and throws the error that kept one from being written. */
  async flush(): Promise<void> {
    await this.last;
  }
}
