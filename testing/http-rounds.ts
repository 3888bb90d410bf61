import { Pool } from "pg";
import { env } from "@/lib/env";
import { Client, credentialsOf } from "./client";
import type { Instance } from "./instance";
import { type Check, type CheckedInstance, type Plan, revocationRounds, type Tally } from "./revocation-rounds";
import { permission } from "./revocation-target";
import type { ThreeInstances } from "./three-instances";

const authorizePath = `/api/v1/authorize?permission=${permission}`;
/** Demands the same permission, outside the fast lane. */
const metricsPath = "/metrics";

/**
 * Does revocation rounds with three server processes: the changes are made through the first one or in the database, and
 * the second one is disturbed.
 *
 * @param asRoot the `Authorization` header of a user who has all permissions.
 */
export async function httpRounds(three: ThreeInstances, asRoot: string, plan: Plan): Promise<Tally> {
  const clients = three.map(({ origin }) => new Client(origin));
  const database = new Pool({ connectionString: env().databaseUrl, max: plan.writers + 1 });
  const instances = three.map((instance, index) => checkedOver(clients[index] as Client, instance, index === 1));
  try {
    return await revocationRounds(instances, { rest: clients[0] as Client, asRoot, database }, plan);
  } finally {
    for (const client of clients) client.close();
    await database.end();
  }
}

function checkedOver(client: Client, instance: Instance, isDisturbed: boolean): CheckedInstance {
  const authorize = checkOf(client, authorizePath);
  const { name, signal } = instance;
  return { name, checks: [authorize, authorize, checkOf(client, metricsPath)], isDisturbed, signal };
}

function checkOf(client: Client, path: string): Check {
  return async (value) => {
    const { status, text } = await client.send("GET", path, credentialsOf(value));
    if (status === 200) return "accepted";
    if (status === 401 || status === 403) return "refused";
    return status === 503 || status === 0 ? "unavailable" : { unexpected: `${path} was answered ${status}: ${text}` };
  };
}
