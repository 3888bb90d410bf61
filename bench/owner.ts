import { days, later, now } from "@/lib/clock";
import { pool } from "@/lib/db";
import { createToken } from "@/lib/tokens/commands";
import { newToken } from "@/lib/tokens/schema";
import { verify } from "@/lib/verification/verify";
import { startSessionOf } from "@/testing/sessions";
import { makeOwners, makeTokens } from "./many-tokens";

/** A user who is signed in. */
export interface Owner {
  userId: string;
  /** The ids of the API tokens. */
  ids: string[];
  /** The headers of an API token with All Permissions, as a program sends it, and of the session, as a browser does. */
  bearer: Record<string, string>;
  cookie: Record<string, string>;
}

/** Creates a user with the given numbers of valid and expired API tokens, and signs in as that user. */
export async function createOwnerOf(tokens: number, { expired = 0 } = {}): Promise<Owner> {
  const [userId = ""] = await makeOwners(1);
  const { ids } = await makeTokens(tokens + expired, [userId]);
  await pool().query(
    "UPDATE tokens SET created_at = created_at - interval '60 days', expires_at = now() - interval '1 day' WHERE id = ANY($1::uuid[])",
    [ids.slice(tokens)],
  );
  await pool().query("VACUUM ANALYZE tokens, grants");
  const from = { userId, ip: "127.0.0.1", agent: null, now: now() };
  const { value } = await startSessionOf(from);
  const input = newToken.parse({
    name: "program",
    expiresAt: later(from.now, days(7)).toISOString(),
    allPermissions: true,
  });
  const program = await createToken(await verify(value.reveal(), from), input);
  const bearer = { Authorization: `Bearer ${program.value?.reveal()}` };
  return { userId, ids, bearer, cookie: { Cookie: `tessera-session=${value.reveal()}` } };
}
