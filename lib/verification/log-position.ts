/** How far the change log has been read, and on which server: numbers of another server's past mean nothing. */
export interface LogPosition {
  server: number;
  number: number;
}

/** A read that does not come back is an outage. */
export const readTimeoutMs = 3_000;

/** Where the log stands, on which server, and what time it is there: the first columns of every read. */
export const positionColumns = `
  c.value::float8 AS number,
  extract(epoch FROM pg_postmaster_start_time())::float8 AS server,
  extract(epoch FROM clock_timestamp())::float8 * 1000 AS now`;
