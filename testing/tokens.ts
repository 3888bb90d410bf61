import type { z } from "zod";
import { days, later } from "@/lib/clock";
import type { Actor } from "@/lib/permissions/actor";
import { createToken } from "@/lib/tokens/commands";
import { newToken, type TokenView } from "@/lib/tokens/schema";
import { verify } from "@/lib/verification/verify";

/** The time at which tests of tokens begin. They pass later times instead of waiting. */
export const morning = new Date("2026-03-02T09:00:00.000Z");

let tokenCount = 0;

/** Creates an API token, by default for 30 days and without permissions. */
export async function makeToken(
  who: Actor,
  settings: Partial<z.input<typeof newToken>> = {},
): Promise<{ token: TokenView; value: string }> {
  const defaults = { name: `token ${++tokenCount}`, expiresAt: later(who.now, days(30)).toISOString() };
  const { token, value } = await createToken(
    who,
    newToken.parse({ ...defaults, ...(!settings.allPermissions && { permissions: [] }), ...settings }),
  );
  return { token, value: value?.reveal() ?? "" };
}

/** The actor of a request that presents this value. */
export const bearerOf = (value: string, now: Date): Promise<Actor> =>
  verify(value, { now, ip: "198.51.100.4", agent: "curl/8.14.1" });
