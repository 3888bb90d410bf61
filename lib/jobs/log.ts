import { now } from "../clock";
import { db } from "../db";
import { Prisma } from "../generated/prisma/client";

export interface LogRow {
  seq: number;
  at: Date;
  level: "info" | "error";
  text: string;
}

const delayMs = 200;

/** The log of a running job. Its lines are written to the database soon, several at a time; the last ones with the end of
 * the job. */
export class JobLog {
  #count = 0;
  #unwritten: LogRow[] = [];
  #writing: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly job: { id: number; attempt: number }) {}

  write(level: LogRow["level"], text: string): void {
    const seq = this.job.attempt * 10_000 + this.#count++;
    this.#unwritten.push({ seq, at: now(), level, text });
    // What could not be written is tried again with the next lines, or with the end of the job.
    this.#timer ??= setTimeout(() => this.flush().catch(() => undefined), delayMs);
  }

  /** Returns the lines that are not in the database, once none is being written. */
  async takeRest(): Promise<LogRow[]> {
    this.#stopTimer();
    await this.#writing.catch(() => undefined);
    return this.#unwritten;
  }

  /** Writes all lines, and throws the error that kept them from being written. */
  flush(): Promise<unknown> {
    this.#stopTimer();
    this.#writing = this.#writing.catch(() => undefined).then(() => this.#writeRest());
    return this.#writing;
  }

  async #writeRest(): Promise<void> {
    const rows = [...this.#unwritten];
    if (rows.length === 0) return;
    await db.$executeRaw(insertLines(rows, Prisma.sql`SELECT id FROM jobs WHERE id = ${this.job.id}`));
    this.#unwritten = this.#unwritten.slice(rows.length);
  }

  #stopTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

/** A statement that adds lines to the job whose `id` is selected. Lines that are there already stay. */
export function insertLines(rows: readonly LogRow[], job: Prisma.Sql): Prisma.Sql {
  const seqs = rows.map(({ seq }) => seq);
  const times = rows.map(({ at }) => at.toISOString());
  const levels = rows.map(({ level }) => level);
  const texts = rows.map(({ text }) => text);
  return Prisma.sql`
    INSERT INTO job_log_lines (job_id, seq, at, level, text)
    SELECT job.id, line.* FROM (${job}) AS job,
      unnest(${seqs}::int[], ${times}::timestamptz[], ${levels}::text[], ${texts}::text[]) AS line (seq, at, level, text)
    ON CONFLICT DO NOTHING`;
}
