import { hash } from "node:crypto";
import { z } from "zod";
import { days, later } from "../clock";
import type { Tx } from "../db";
import { conflict } from "../errors";
import type { Actor } from "../permissions/actor";
import type { NewToken } from "./schema";
import { type TokenRow, tokenFields } from "./view";

/** The `Idempotency-Key` header: a name that the client gives this one request. It is remembered for a day. */
export const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, "Use 1 to 255 printable ASCII characters without spaces.")
  .describe("A retry with the same key and body makes no second token, and its answer has no value.");

const operation = "token.create";
const field = "Idempotency-Key";

/**
 * Takes a key for a new token, or answers the token that was made with it. Of retries that run side by side, one goes on;
 * the others wait here until it is through.
 *
 * @throws Refusal `conflict` on `Idempotency-Key` when it was used with another body, or its token has been removed.
 */
export async function claimKey(tx: Tx, who: Actor, key: string, input: NewToken): Promise<TokenRow | null> {
  const { userId } = who;
  const bodyHash = Buffer.from(hash("sha256", canonical(input), "buffer"));
  await tx.idempotentRequest.deleteMany({ where: { userId, createdAt: { lte: later(who.now, -days(1)) } } });
  const { count } = await tx.idempotentRequest.createMany({
    data: { userId, operation, key, bodyHash, subjectId: "", createdAt: who.now },
    skipDuplicates: true,
  });
  if (count === 1) return null;

  const earlier = await tx.idempotentRequest.findUniqueOrThrow({
    where: { userId_operation_key: { userId, operation, key } },
  });
  if (!bodyHash.equals(earlier.bodyHash)) {
    throw conflict("This Idempotency-Key was used with another body; take a new key.", field);
  }
  const made = await tx.token.findFirst({ where: { ownerId: userId, id: earlier.subjectId }, select: tokenFields });
  if (!made) throw conflict("The token made with this Idempotency-Key has been removed; take a new key.", field);
  return made;
}

/** Writes down what the key stands for, in the transaction that claimed it. */
export async function settleKey(tx: Tx, who: Actor, key: string, tokenId: string): Promise<void> {
  await tx.idempotentRequest.update({
    where: { userId_operation_key: { userId: who.userId, operation, key } },
    data: { subjectId: tokenId },
  });
}

/** The same request in the same bytes: defaults filled in, times in UTC, permissions in order. */
function canonical(input: NewToken): string {
  const { name, description, expiresAt, enabled, allPermissions, permissions = [], inUrl } = input;
  return JSON.stringify([name, description, expiresAt, enabled, allPermissions, [...permissions].sort(), inUrl]);
}
