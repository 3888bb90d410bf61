/** A role or a database may have other settings for its sessions (ALTER ROLE … SET, PGOPTIONS). These change what a
 * statement means, or how the driver reads an answer. Tables are those of `public`, and extensions may be elsewhere. */
export const sessionSettings = `
  set_config('TimeZone', 'UTC', false), set_config('DateStyle', 'ISO, MDY', false),
  set_config('IntervalStyle', 'postgres', false), set_config('bytea_output', 'hex', false),
  set_config('extra_float_digits', '1', false), set_config('standard_conforming_strings', 'on', false),
  set_config('default_transaction_isolation', 'read committed', false),
  set_config('search_path', concat_ws(', ', 'public', nullif(current_setting('search_path'), '')), false)`;

/** For a session that migrates, which takes as long as it needs. Older versions of PostgreSQL lack one of these. */
export const migrationSettings = `
  SELECT ${sessionSettings}, (
    SELECT count(set_config(name, '0', false)) FROM pg_settings WHERE name IN
      ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'idle_session_timeout', 'transaction_timeout')
  )`;
