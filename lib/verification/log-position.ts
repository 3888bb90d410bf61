/** How far the change log was read, and on which server: change numbers of different servers cannot be compared. */
export interface LogPosition {
  server: number;
  number: number;
}

/** A read that takes longer counts as an outage. */
export const readTimeoutMs = 3_000;

/** The first columns of each read: the last change number, the server (its start time), and the server's time. */
export const positionColumns = `
  c.value::float8 AS number,
  extract(epoch FROM pg_postmaster_start_time())::float8 AS server,
  extract(epoch FROM clock_timestamp())::float8 * 1000 AS now`;
