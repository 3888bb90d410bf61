import { Pool } from "pg";
import { env } from "@/lib/env";
import { Refusal } from "@/lib/errors";
import { may } from "@/lib/permissions/effective";
import type { sharedConfirmation } from "@/lib/verification/confirmation";
import { TokenResolver } from "@/lib/verification/token-resolver";
import { verify } from "@/lib/verification/verify";
import { answerByRoute } from "./answer-by-route";
import { headersOf, type RestClient } from "./client";
import { type Check, type Plan, revocationRounds, type Tally } from "./revocation-rounds";
import { permission } from "./revocation-target";

interface LocalPlan extends Omit<Plan, "stoppedSeconds"> {
  /** Takes the place of the shared confirmation. */
  confirmation?: typeof sharedConfirmation;
}

interface LocalTally extends Tally {
  /** How often a value was resolved from memory: without such hits the rounds would show nothing. */
  memoryHits: number;
}

const instanceName = "instance under test";

/**
 * Does revocation rounds with three instances in this process, each with its own connections and memory, all of them
 * disturbed. The changes are made by calling the routes, or in the database.
 *
 * @param asRoot the `Authorization` header of a user who has all permissions.
 */
export async function localRounds(asRoot: string, { confirmation, ...plan }: LocalPlan): Promise<LocalTally> {
  const pools = [1, 2, 3].map(createPool);
  const resolvers = pools.map((pool) => new TokenResolver(() => pool, 1_000, confirmation));
  const instances = resolvers.map((resolver) => {
    const check = checkOf(resolver);
    return { name: instanceName, checks: [check, check, check] as [Check, Check, Check], isDisturbed: true };
  });
  const database = new Pool({ connectionString: env().databaseUrl, max: plan.writers + 1 });
  try {
    const tally = await revocationRounds(instances, { rest: { send }, asRoot, database }, plan);
    return { ...tally, memoryHits: resolvers.reduce((sum, { counts }) => sum + counts.hits, 0) };
  } finally {
    await Promise.all([...pools, database].map((pool) => pool.end()));
  }
}

function createPool(): Pool {
  const pool = new Pool({ connectionString: env().databaseUrl, max: 6, application_name: instanceName });
  // Idle connections report here that they were cut.
  pool.on("error", () => undefined);
  return pool;
}

function checkOf(resolver: TokenResolver): Check {
  return async (value) => {
    try {
      const actor = await verify(value, { ip: null, agent: null }, resolver);
      return may(actor, permission) ? "accepted" : "refused";
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return error.code === "unavailable" ? "unavailable" : "refused";
    }
  };
}

const send: RestClient["send"] = async (method, path, { json, form, ...credentials } = {}) => {
  const headers = {
    ...headersOf(credentials),
    ...(json !== undefined && { "content-type": "application/json" }),
  };
  const body = json === undefined ? form && new URLSearchParams(form) : JSON.stringify(json);
  const response = await answerByRoute(new Request(new URL(path, "http://localhost:3000"), { method, headers, body }));
  return { status: response.status, text: await response.text() };
};
