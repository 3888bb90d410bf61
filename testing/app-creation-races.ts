import { db } from "@/lib/db";
import type { Instance } from "./instance";

/** What the races have shown. `broken` names each round after which there was not exactly one app with exactly its token. */
export interface RaceTally {
  rounds: number;
  made: number;
  broken: string[];
}

interface Body {
  name: string;
  slug: string;
  repository: string;
  workspace: string;
}

/** How an app is created twice: what the second request says differently, and whether both have one idempotency key. */
const variants: { what: string; key: boolean; change: Partial<Body> }[] = [
  { what: "the same", key: false, change: {} },
  { what: "the same with one key", key: true, change: {} },
  { what: "with another workspace", key: false, change: { workspace: "flood-warnings" } },
  { what: "with another workspace and one key", key: true, change: { workspace: "flood-warnings" } },
];

/**
 * Creates each app twice at the same moment, once at each server; the variants take turns. After each round there is one app
 * with one token for one workspace, and at most one answer has contained the token's value.
 *
 * @param authorization the header of a user who may create apps of Rivers/gauge-levels and Rivers/flood-warnings.
 */
export async function raceAppCreation(
  servers: readonly [Instance, Instance],
  { rounds, authorization }: { rounds: number; authorization: string },
): Promise<RaceTally> {
  const tally: RaceTally = { rounds: 0, made: 0, broken: [] };
  for (let round = 0; round < rounds; round++) {
    const { what, key, change } = variants[round % variants.length] ?? { what: "", key: false, change: {} };
    const name = `race-${round}`;
    const body: Body = { name, slug: name, repository: "Rivers", workspace: "gauge-levels" };
    const headers = { authorization, ...(key && { "idempotency-key": name }) };
    const order = round % 8 < 4 ? servers : servers.toReversed();
    const bodies = [body, { ...body, ...change }];
    const answers = await Promise.all(bodies.map((each, index) => createApp(order[index], headers, each)));
    tally.rounds++;
    const fault = await findFault(body.slug, answers);
    if (fault) tally.broken.push(`round ${round}, ${what}: ${fault}`);
    else tally.made++;
  }
  return tally;
}

interface Answer {
  status: number;
  body: { tokenId?: string; value?: string; workspace?: string };
}

async function createApp(server: Instance | undefined, headers: Record<string, string>, body: Body): Promise<Answer> {
  const response = await fetch(`${server?.origin}/api/v1/apps`, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Answer["body"] };
}

/** What is wrong with the answers and with what has been created, or null. */
async function findFault(slug: string, answers: Answer[]): Promise<string | null> {
  const statuses = answers.map(({ status }) => status).toSorted();
  if (statuses[1] !== 409 && statuses[1] !== 201) return `answered ${statuses.join(" and ")}`;
  const winner = answers.find(({ status }) => status === 201);
  if (!winner || answers.filter(({ body }) => body.value).length !== 1) return "not exactly one answer has the value";
  const apps = await db.app.findMany({ where: { slug }, select: { workspace: { select: { name: true } } } });
  const tokens = await db.token.findMany({
    where: { name: slug },
    select: { id: true, app: { select: { slug: true } }, grants: { select: { action: true, workspace: true } } },
  });
  const [token] = tokens;
  if (apps.length !== 1 || !token || tokens.length !== 1) return `${apps.length} apps and ${tokens.length} tokens`;
  const workspace = apps[0]?.workspace?.name;
  const grants = token.grants.map((grant) => `${grant.workspace?.name}:${grant.action}`).join();
  const isWhole = workspace === winner.body.workspace && token.app?.slug === slug && token.id === winner.body.tokenId;
  return isWhole && grants === `${workspace}:run` ? null : `a token for ${grants}, an app for ${workspace}`;
}
