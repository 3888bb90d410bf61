import { runStatement } from "./run-statement";

const sample = `workspaces w JOIN repositories r ON r.id = w.repository_id
  WHERE r.name = 'Samples' AND w.name = 'seattle-weather-by-month'`;

/** Creates finished jobs of these owners in turn, submitted within the last day. */
export async function fillJobs(databaseUrl: string, count: number, owners: string[]): Promise<void> {
  await runStatement(
    databaseUrl,
    `INSERT INTO jobs (
       owner_id, repository_id, workspace_id, repository_name, workspace_name, token_id, token_name, token_kind,
       status, parameters, output, submitted_at, started_at, finished_at, attempts, result_rows, result_bytes
     )
     SELECT
       ($2::uuid[])[1 + n % cardinality($2::uuid[])], r.id, w.id, r.name, w.name, gen_random_uuid(), 'bench', 'api',
       'succeeded', '{"YEAR": "2015"}', w.output, at, at, at, 1, 12, 2000
     FROM (SELECT n, now() - n * interval '0.5 seconds' AS at FROM generate_series(1, $1::int) n) AS each, ${sample}`,
    [count, owners],
  );
}

/** Creates a repository for each owner, with copies of a sample in it: this many in all. */
export async function fillWorkspaces(databaseUrl: string, count: number, owners: string[]): Promise<void> {
  await runStatement(
    databaseUrl,
    `WITH made AS (
       INSERT INTO repositories (id, name, description, owner_id)
       SELECT uuidv7(), 'bench-' || n, '', owner FROM unnest($2::uuid[]) WITH ORDINALITY AS given (owner, n)
       RETURNING id, owner_id
     )
     INSERT INTO workspaces (id, repository_id, owner_id, name, title, output, parameters, source)
     SELECT uuidv7(), made.id, made.owner_id, 'workspace-' || n, w.title, w.output, w.parameters, w.source
     FROM made, generate_series(1, $1::int / cardinality($2::uuid[])) n, ${sample}`,
    [count, owners],
  );
}
