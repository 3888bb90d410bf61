import { pool } from "@/lib/db";
import { type Instance, startInstance } from "./instance";

/** What the kills have shown. `broken` names each app that was incomplete, or missing in the end. */
export interface KillTally {
  kills: number;
  apps: number;
  /** Requests that were answered before the server was killed. */
  answered: number;
  broken: string[];
}

/**
 * Kills servers while they create apps. Each round sends several requests that create an app at the same moment, and kills the
 * server (SIGKILL) once some of them have been answered. After that each app either exists, with one token that may run its
 * workspace, or does not exist. Then each request is repeated at another server with the same idempotency key, as the wizard
 * does, after which there is one app with one token.
 *
 * @param authorization the header of a user who may create apps of Rivers/gauge-levels.
 */
export async function killDuringAppCreation({
  kills,
  atOnce,
  authorization,
}: {
  kills: number;
  atOnce: number;
  authorization: string;
}): Promise<KillTally> {
  const tally: KillTally = { kills: 0, apps: 0, answered: 0, broken: [] };
  const survivor = await startInstance("survivor");
  try {
    for (let round = 0; round < kills; round++) {
      const slugs = Array.from({ length: atOnce }, (_, index) => `kill-${round}-${index}`);
      const answered = await createAndKill(Math.floor((round * atOnce) / kills), slugs, authorization);
      tally.kills++;
      tally.answered += answered.size;
      const afterKill = await findApps(slugs);
      for (const slug of slugs) {
        const isLost = answered.has(slug) && !afterKill.has(slug);
        const fault = faultOf(afterKill, slug) ?? (isLost ? "answered, but missing" : null);
        if (fault) tally.broken.push(`${slug} after the kill: ${fault}`);
      }
      await Promise.all(slugs.map((slug) => retryCreation(survivor, slug, authorization)));
      const finished = await findApps(slugs);
      for (const slug of slugs) {
        const fault = finished.has(slug) ? faultOf(finished, slug) : "missing";
        if (fault) tally.broken.push(`${slug} in the end: ${fault}`);
        else tally.apps++;
      }
    }
    return tally;
  } finally {
    await survivor.stop();
  }
}

/** Kills a server once `count` requests have been answered. Returns the slugs whose request was answered before it ended. */
async function createAndKill(count: number, slugs: string[], authorization: string): Promise<Set<string>> {
  const server = await startInstance("killed");
  const answered = new Set<string>();
  const requests = slugs.map(async (slug) => {
    // The killed server gives no answer: the connection breaks.
    const status = await createApp(server, slug, authorization).catch(() => null);
    if (status === 201) answered.add(slug);
    if (answered.size >= count) server.signal("SIGKILL");
  });
  if (count === 0) server.signal("SIGKILL");
  await Promise.all(requests);
  server.signal("SIGKILL");
  await server.stop();
  return answered;
}

/** Retries while the server is too busy. */
async function retryCreation(server: Instance, slug: string, authorization: string): Promise<void> {
  for (let attempts = 0; attempts < 10; attempts++) {
    if ((await createApp(server, slug, authorization)) < 500) return;
  }
}

async function createApp(server: Instance, slug: string, authorization: string): Promise<number> {
  const response = await fetch(`${server.origin}/api/v1/apps`, {
    method: "POST",
    headers: { authorization, "content-type": "application/json", "idempotency-key": slug },
    body: JSON.stringify({ name: slug, slug, repository: "Rivers", workspace: "gauge-levels" }),
  });
  await response.arrayBuffer();
  return response.status;
}

/** Describes what exists of these apps, in one statement: the workspace of each, and the permissions of its token. */
async function findApps(slugs: string[]): Promise<Map<string, string>> {
  const { rows } = await pool().query(
    `SELECT coalesce(a.slug, t.name) AS slug,
       concat_ws(' ', CASE WHEN a.id IS NULL THEN 'no app' END, CASE WHEN t.id IS NULL THEN 'no token' END,
         w.name, (SELECT string_agg(p.permission, ' ') FROM granted_permissions p WHERE p.token_id = t.id)) AS found
     FROM apps a FULL JOIN tokens t ON t.app_id = a.id LEFT JOIN workspaces w ON w.id = a.workspace_id
     WHERE coalesce(a.slug, t.name) = ANY ($1)`,
    [slugs],
  );
  const descriptions = new Map<string, string>();
  for (const { slug, found } of rows) {
    descriptions.set(slug, [descriptions.get(slug), found].filter(Boolean).join(" and "));
  }
  return descriptions;
}

function faultOf(descriptions: Map<string, string>, slug: string): string | null {
  const found = descriptions.get(slug);
  return found === undefined || found === "gauge-levels workspace/Rivers/gauge-levels:run" ? null : found;
}
