import { isReadOnlySql, NotPrimaryError } from "../connections";

/** How far the change log was read, and on which server: change numbers of different servers cannot be compared. */
export interface LogPosition {
  server: number;
  number: number;
}

export const readTimeoutMs = 3_000;

/** The first columns of each read: the last change number, the server (its start time), its time, and whether it is read-only. */
export const positionColumns = `
  ${isReadOnlySql} AS "isReadOnly",
  c.value::float8 AS number,
  extract(epoch FROM pg_postmaster_start_time())::float8 AS server,
  extract(epoch FROM clock_timestamp())::float8 * 1000 AS now`;

/** What {@link positionColumns} read. `now` is in milliseconds. */
export interface PositionRow extends LogPosition {
  isReadOnly: boolean;
  now: number;
}

/** The highest change number that this process has read, from any server. */
export class LogProgress {
  #highest = -1;

  /** Returns at least one row. Throws NotPrimaryError when the server is read-only or behind what was read before this
   * read began: a standby that was promoted without the last changes, or an older backup. */
  async read<Row extends PositionRow>(query: () => Promise<{ rows: Row[] }>): Promise<[Row, ...Row[]]> {
    const numberMin = this.#highest;
    const [first, ...rest] = (await query()).rows;
    if (!first) throw new Error("The change counter has no row.");
    if (first.isReadOnly) throw new NotPrimaryError();
    if (first.number < numberMin) {
      throw new NotPrimaryError(`The database is at change ${first.number}, and was at ${numberMin} before.`);
    }
    this.#highest = Math.max(this.#highest, first.number);
    return [first, ...rest];
  }
}
