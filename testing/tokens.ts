import type { z } from "zod";
import { days, later } from "@/lib/clock";
import type { Actor } from "@/lib/permissions/actor";
import { createToken } from "@/lib/tokens/commands";
import { newToken, type TokenView } from "@/lib/tokens/schema";
import { verify } from "@/lib/verification/verify";

/** The moment at which tests of tokens begin. They move it; none of them waits. */
export const morning = new Date("2026-03-02T09:00:00.000Z");

let made = 0;

/** An API token of somebody's, for 30 days and without permissions unless told. */
export async function makeToken(
  who: Actor,
  settings: Partial<z.input<typeof newToken>> = {},
): Promise<{ token: TokenView; value: string }> {
  const usual = { name: `token ${++made}`, expiresAt: later(who.now, days(30)).toISOString() };
  const { token, value } = await createToken(
    who,
    newToken.parse({ ...usual, ...(!settings.allPermissions && { permissions: [] }), ...settings }),
  );
  return { token, value: value?.reveal() ?? "" };
}

/** Whoever presents this value, as past the door. */
export const bearerOf = (value: string, now: Date): Promise<Actor> =>
  verify(value, { now, address: "198.51.100.4", agent: "curl/8.14.1" });
