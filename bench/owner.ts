import { now } from "@/lib/clock";
import { inTransaction, pool } from "@/lib/db";
import { issueSession } from "@/lib/tokens/sessions";
import { makeOwners, makeTokens } from "./many-tokens";

/** Somebody who is signed in. */
export interface Owner {
  userId: string;
  /** Of the API tokens. */
  ids: string[];
  /** The headers of a request by the session's value, and of one by a browser. */
  bearer: Record<string, string>;
  cookie: Record<string, string>;
}

/** Makes somebody with so many API tokens of their own, who has just signed in. */
export async function ownerOf(tokens: number, { expired = 0 } = {}): Promise<Owner> {
  const [userId = ""] = await makeOwners(1);
  const { ids } = await makeTokens(tokens + expired, [userId]);
  await pool().query(
    "UPDATE tokens SET created_at = created_at - interval '60 days', expires_at = now() - interval '1 day' WHERE id = ANY($1::uuid[])",
    [ids.slice(tokens)],
  );
  await pool().query("VACUUM ANALYZE tokens, grants");
  const from = { userId, address: "127.0.0.1", agent: null, now: now() };
  const { value } = await inTransaction((tx) => issueSession(tx, from));
  const bearer = { Authorization: `Bearer ${value.reveal()}` };
  return { userId, ids, bearer, cookie: { Cookie: `tessera-session=${value.reveal()}` } };
}
