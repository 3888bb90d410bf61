import { hash } from "node:crypto";
import { z } from "zod";
import { days, later } from "./clock";
import type { Tx } from "./db";
import { conflict } from "./errors";

/** The `Idempotency-Key` header: the client's name for one request, remembered for a day. */
export const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, "Use 1 to 255 printable ASCII characters without spaces.")
  .describe("A retry with the same key and body creates nothing new. Its response does not contain the value.");

const field = "Idempotency-Key";

/** A request that must take effect only once. */
export interface IdempotentRequest {
  userId: string;
  /** The kind of request, which separates the keys of different kinds: `token.create`. */
  operation: string;
  /** The word for what it creates: `token`. */
  noun: string;
  key: string;
  /** Bytes that are the same for the same request: defaults filled in, times in UTC, lists sorted. */
  canonicalBody: string;
}

/**
 * Describes a request that carries an idempotency key; null when it has none.
 *
 * @param fields the request's values, defaults filled in, in an order that never changes
 */
export function idempotentRequest(
  key: string | undefined,
  purpose: Pick<IdempotentRequest, "userId" | "operation" | "noun">,
  fields: readonly unknown[],
): IdempotentRequest | null {
  return key === undefined ? null : { ...purpose, key, canonicalBody: JSON.stringify(fields) };
}

/**
 * Claims the key of a request, or returns the id of what was created with it before. Of concurrent retries one continues;
 * the others wait here until it ends.
 *
 * @throws Refusal `conflict` on `Idempotency-Key` when it was used with another body.
 */
export async function claimKey(tx: Tx, request: IdempotentRequest, now: Date): Promise<string | null> {
  const { userId, operation, key } = request;
  const bodyHash = Buffer.from(hash("sha256", request.canonicalBody, "buffer"));
  await tx.idempotentRequest.deleteMany({ where: { userId, createdAt: { lte: later(now, -days(1)) } } });
  const { count } = await tx.idempotentRequest.createMany({
    data: { userId, operation, key, bodyHash, subjectId: "", createdAt: now },
    skipDuplicates: true,
  });
  if (count === 1) return null;

  const earlier = await tx.idempotentRequest.findUniqueOrThrow({
    where: { userId_operation_key: { userId, operation, key } },
  });
  if (!bodyHash.equals(earlier.bodyHash)) {
    throw conflict("This Idempotency-Key was already used with a different body. Use a new key.", field);
  }
  return earlier.subjectId;
}

/** Stores what was created with the key, in the transaction that claimed it. */
export async function settleKey(
  tx: Tx,
  { userId, operation, key }: IdempotentRequest,
  subjectId: string,
): Promise<void> {
  await tx.idempotentRequest.update({
    where: { userId_operation_key: { userId, operation, key } },
    data: { subjectId },
  });
}

/** What was created with the key. @throws Refusal `conflict` on `Idempotency-Key` when it has been removed. */
export function requireExisting<T>(created: T | null | undefined, { noun }: IdempotentRequest): T {
  if (!created) throw conflict(`The ${noun} created with this Idempotency-Key has been removed. Use a new key.`, field);
  return created;
}
