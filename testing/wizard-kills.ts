import { pool } from "@/lib/db";
import { type ApiServer, apiServer } from "./wizard-races";

/** What came of it: `broken` says each app that was not whole, or not there in the end. */
export interface KillTally {
  kills: number;
  apps: number;
  /** Answered before the server was killed. */
  answered: number;
  broken: string[];
}

/**
 * Takes the wizard's last step for several apps at the same moment, and kills the server (SIGKILL) once so many of them are answered:
 * the others are wherever they are. Whatever is there then is whole: an app with one token that may run its workspace, or nothing. Then
 * each last step is taken again at another server under its name, as the wizard does, and there is one app with one token.
 *
 * @param authorization the header of somebody who may make apps of Rivers/gauge-levels.
 */
export async function wizardKills({
  kills,
  atOnce,
  authorization,
}: {
  kills: number;
  atOnce: number;
  authorization: string;
}): Promise<KillTally> {
  const tally: KillTally = { kills: 0, apps: 0, answered: 0, broken: [] };
  const survivor = await apiServer();
  try {
    for (let round = 0; round < kills; round++) {
      const slugs = Array.from({ length: atOnce }, (_, index) => `kill-${round}-${index}`);
      const answered = await killedAfter(Math.floor((round * atOnce) / kills), slugs, authorization);
      tally.kills++;
      tally.answered += answered.size;
      const kept = await made(slugs);
      for (const slug of slugs) {
        const fault = faultOf(kept, slug) ?? (answered.has(slug) && !kept.has(slug) ? "answered, and not there" : null);
        if (fault) tally.broken.push(`${slug} after the kill: ${fault}`);
      }
      await Promise.all(slugs.map((slug) => takenAgain(survivor, slug, authorization)));
      const finished = await made(slugs);
      for (const slug of slugs) {
        const fault = finished.has(slug) ? faultOf(finished, slug) : "nothing";
        if (fault) tally.broken.push(`${slug} in the end: ${fault}`);
        else tally.apps++;
      }
    }
    return tally;
  } finally {
    await survivor.stop();
  }
}

/** Answers which last steps were answered before the server was killed. */
async function killedAfter(count: number, slugs: string[], authorization: string): Promise<Set<string>> {
  const server = await apiServer();
  const answered = new Set<string>();
  let kill: Promise<void> | null = null;
  const killOnce = () => {
    kill ??= server.kill();
  };
  const steps = slugs.map(async (slug) => {
    // Of the killed server no answer comes: the connection breaks.
    const status = await lastStep(server, slug, authorization).catch(() => null);
    if (status === 201) answered.add(slug);
    if (answered.size >= count) killOnce();
  });
  if (count === 0) killOnce();
  await Promise.all(steps);
  killOnce();
  await kill;
  return answered;
}

/** A server that has too much to do says so, and is asked again. */
async function takenAgain(server: ApiServer, slug: string, authorization: string): Promise<void> {
  for (let tries = 0; tries < 10; tries++) {
    if ((await lastStep(server, slug, authorization)) < 500) return;
  }
}

async function lastStep(server: ApiServer, slug: string, authorization: string): Promise<number> {
  const response = await fetch(`${server.origin}/api/v1/apps`, {
    method: "POST",
    headers: { authorization, "content-type": "application/json", "idempotency-key": slug },
    body: JSON.stringify({ name: slug, slug, repository: "Rivers", workspace: "gauge-levels" }),
  });
  await response.arrayBuffer();
  return response.status;
}

/** What is there of these apps, in one look: for each its token's permissions. */
async function made(slugs: string[]): Promise<Map<string, string>> {
  const { rows } = await pool().query(
    `SELECT coalesce(a.slug, t.name) AS slug,
       concat_ws(' ', CASE WHEN a.id IS NULL THEN 'no app' END, CASE WHEN t.id IS NULL THEN 'no token' END,
         w.name, (SELECT string_agg(p.permission, ' ') FROM granted_permissions p WHERE p.token_id = t.id)) AS is
     FROM apps a FULL JOIN tokens t ON t.app_id = a.id LEFT JOIN workspaces w ON w.id = a.workspace_id
     WHERE coalesce(a.slug, t.name) = ANY ($1)`,
    [slugs],
  );
  const found = new Map<string, string>();
  for (const { slug, is } of rows) found.set(slug, [found.get(slug), is].filter(Boolean).join(" and "));
  return found;
}

function faultOf(found: Map<string, string>, slug: string): string | null {
  const is = found.get(slug);
  return is === undefined || is === "gauge-levels workspace/Rivers/gauge-levels:run" ? null : is;
}
