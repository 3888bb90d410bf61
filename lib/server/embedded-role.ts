import type { Client } from "pg";

export const roleName = "tessera";

/** Creates the role that owns the server's database and may do nothing else, and gives it its password. */
export async function ensureRole(client: Client, password: string): Promise<void> {
  const { rowCount } = await client.query("SELECT FROM pg_roles WHERE rolname = $1", [roleName]);
  const attributes = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS";
  const verb = rowCount ? "ALTER" : "CREATE";
  await client.query(`${verb} ROLE ${roleName} ${attributes} PASSWORD ${client.escapeLiteral(password)}`);
}

/** Gives the role what the superuser owns in this database: all of it, if it was made before there was the role. */
export async function giveEverything(client: Client): Promise<void> {
  const { rows } = await client.query<{ change: string }>(ownedBySuperuser);
  for (const { change } of rows) await client.query(`${change} OWNER TO ${roleName}`);
}

// What belongs to an extension stays with it. Indexes, and the sequences of columns, follow their table.
const ownedBySuperuser = `
  WITH superuser AS (SELECT oid FROM pg_roles WHERE rolname = current_user),
  schemas AS (
    SELECT oid, nspname FROM pg_namespace WHERE nspname !~ '^pg_(catalog|toast|temp)' AND nspname <> 'information_schema'
  ),
  extended AS (SELECT objid FROM pg_depend WHERE deptype = 'e'),
  owned AS (SELECT objid FROM pg_depend WHERE deptype IN ('a', 'i') AND classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass)
  SELECT format('ALTER DATABASE %I', datname) AS change FROM pg_database, superuser
  WHERE datname = current_database() AND datdba = superuser.oid
  UNION ALL
  SELECT format('ALTER SCHEMA %I', nspname) FROM pg_namespace n JOIN schemas USING (oid, nspname), superuser
  WHERE n.nspowner = superuser.oid
  UNION ALL
  SELECT format('ALTER %s %s', CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, c.oid::regclass)
  FROM pg_class c JOIN schemas s ON s.oid = c.relnamespace, superuser
  WHERE c.relowner = superuser.oid AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
    AND (c.relkind <> 'S' OR c.oid NOT IN (SELECT objid FROM owned))
    AND c.oid NOT IN (SELECT objid FROM extended)
  UNION ALL
  SELECT format('ALTER ROUTINE %s', p.oid::regprocedure) FROM pg_proc p JOIN schemas s ON s.oid = p.pronamespace, superuser
  WHERE p.proowner = superuser.oid AND p.oid NOT IN (SELECT objid FROM extended)
  UNION ALL
  SELECT format('ALTER TYPE %s', t.oid::regtype) FROM pg_type t JOIN schemas s ON s.oid = t.typnamespace, superuser
  WHERE t.typowner = superuser.oid AND t.typtype IN ('e', 'd') AND t.oid NOT IN (SELECT objid FROM extended)`;
