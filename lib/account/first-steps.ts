import { db } from "../db";
import type { Actor } from "../permissions/actor";
import { may } from "../permissions/effective";
import { type FirstStep, firstSteps, type StepState } from "./schema";

/** The first steps that the actor may take, in order, and whether they have done them. */
export async function getFirstSteps(who: Actor): Promise<StepState[]> {
  const [done] = await db.$queryRaw<Record<FirstStep, boolean>[]>`
    SELECT EXISTS (SELECT FROM tokens WHERE owner_id = ${who.userId}::uuid AND kind = 'api') AS token,
      EXISTS (SELECT FROM tokens WHERE owner_id = ${who.userId}::uuid AND kind = 'api' AND last_used_at IS NOT NULL) AS use,
      EXISTS (SELECT FROM workspaces WHERE owner_id = ${who.userId}::uuid) AS publish,
      EXISTS (SELECT FROM jobs WHERE owner_id = ${who.userId}::uuid AND status = 'succeeded') AS run,
      EXISTS (SELECT FROM apps WHERE owner_id = ${who.userId}::uuid) AS app`;
  const allowed = {
    token: true,
    use: true,
    publish: may(who, "repositories:create"),
    run: true,
    app: may(who, "apps:create"),
  };
  return firstSteps.filter((step) => allowed[step]).map((step) => ({ step, isDone: done?.[step] ?? false }));
}
