import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { db } from "@/lib/db";

/** A process that answers REST on the database of this one. */
export interface ApiServer {
  origin: string;
  stop(): Promise<void>;
  /** As a power cut would. */
  kill(): Promise<void>;
}

export async function apiServer(): Promise<ApiServer> {
  const child: ChildProcess = fork("testing/api-server.ts", {
    execArgv: ["--import", "tsx", "--conditions=react-server", "--no-deprecation"],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const [port] = await Promise.race([
    once(child, "message"),
    once(child, "exit").then(() => Promise.reject(new Error("The server did not start."))),
  ]);
  const ended = once(child, "exit");
  return {
    origin: `http://127.0.0.1:${port}`,
    stop: async () => {
      if (child.connected) child.disconnect();
      await ended;
    },
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** What came of it: `broken` says each round after which there was not exactly one app with exactly its token. */
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

/** How the last step of the wizard is taken twice: what the second one says that the first does not. */
const manners: { what: string; key: boolean; change: Partial<Body> }[] = [
  { what: "the same", key: false, change: {} },
  { what: "the same under one key", key: true, change: {} },
  { what: "with another workspace", key: false, change: { workspace: "flood-warnings" } },
  { what: "with another workspace under one key", key: true, change: { workspace: "flood-warnings" } },
];

/**
 * Takes the wizard's last step twice at the same moment, once at each server, in every manner in turn. However it ends, there is one
 * app with one token for one workspace, and at most one answer shows a value.
 *
 * @param authorization the header of somebody who may make apps of Rivers/gauge-levels and Rivers/flood-warnings.
 */
export async function wizardRaces(
  servers: readonly [ApiServer, ApiServer],
  { rounds, authorization }: { rounds: number; authorization: string },
): Promise<RaceTally> {
  const tally: RaceTally = { rounds: 0, made: 0, broken: [] };
  for (let round = 0; round < rounds; round++) {
    const { what, key, change } = manners[round % manners.length] ?? { what: "", key: false, change: {} };
    const name = `race-${round}`;
    const body: Body = { name, slug: name, repository: "Rivers", workspace: "gauge-levels" };
    const headers = { authorization, ...(key && { "idempotency-key": name }) };
    const turn = round % 8 < 4 ? servers : servers.toReversed();
    const bodies = [body, { ...body, ...change }];
    const answers = await Promise.all(bodies.map((each, index) => lastStep(turn[index], headers, each)));
    tally.rounds++;
    const fault = await faultOf(body.slug, answers);
    if (fault) tally.broken.push(`round ${round}, ${what}: ${fault}`);
    else tally.made++;
  }
  return tally;
}

interface LastAnswer {
  status: number;
  body: { tokenId?: string; value?: string; workspace?: string };
}

async function lastStep(
  server: ApiServer | undefined,
  headers: Record<string, string>,
  body: Body,
): Promise<LastAnswer> {
  const response = await fetch(`${server?.origin}/api/v1/apps`, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as LastAnswer["body"] };
}

/** What is wrong with what was made and told, or null. */
async function faultOf(slug: string, answers: LastAnswer[]): Promise<string | null> {
  const told = answers.map(({ status }) => status).toSorted();
  if (told[1] !== 409 && told[1] !== 201) return `answered ${told.join(" and ")}`;
  const winner = answers.find(({ status }) => status === 201);
  if (!winner || answers.filter(({ body }) => body.value).length !== 1) return "not exactly one answer has the value";
  const made = await db.app.findMany({ where: { slug }, select: { workspace: { select: { name: true } } } });
  const tokens = await db.token.findMany({
    where: { name: slug },
    select: { id: true, app: { select: { slug: true } }, grants: { select: { action: true, workspace: true } } },
  });
  const [token] = tokens;
  if (made.length !== 1 || !token || tokens.length !== 1) return `${made.length} apps and ${tokens.length} tokens`;
  const workspace = made[0]?.workspace?.name;
  const grants = token.grants.map((grant) => `${grant.workspace?.name}:${grant.action}`).join();
  const isWhole = workspace === winner.body.workspace && token.app?.slug === slug && token.id === winner.body.tokenId;
  return isWhole && grants === `${workspace}:run` ? null : `a token for ${grants}, an app for ${workspace}`;
}
