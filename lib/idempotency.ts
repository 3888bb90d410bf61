import { hash } from "node:crypto";
import { z } from "zod";
import { days, later } from "./clock";
import type { Tx } from "./db";
import { conflict } from "./errors";

/** The `Idempotency-Key` header: a name that the client gives this one request. It is remembered for a day. */
export const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, "Use 1 to 255 printable ASCII characters without spaces.")
  .describe("A retry with the same key and body makes nothing a second time, and its answer has no value.");

const field = "Idempotency-Key";

/** A request that is to be done once. */
export interface IdempotentRequest {
  userId: string;
  /** What is done, so that keys of different requests do not meet: `token.create`. */
  operation: string;
  /** What it makes, for people: `token`. */
  noun: string;
  key: string;
  /** The same request in the same bytes: defaults filled in, times in UTC, lists in order. */
  canonicalBody: string;
}

/**
 * The request that a client named by its `Idempotency-Key`, or null when it sent none.
 *
 * @param canonicalFields the fields of the body in a fixed order: defaults filled in, times in UTC, lists sorted.
 */
export function idempotentRequest(
  what: Pick<IdempotentRequest, "operation" | "noun">,
  userId: string,
  key: string | undefined,
  canonicalFields: readonly unknown[],
): IdempotentRequest | null {
  return key === undefined ? null : { ...what, userId, key, canonicalBody: JSON.stringify(canonicalFields) };
}

/**
 * Takes a key for a request, or answers the id of what was made with it. Of retries that run side by side, one goes on; the
 * others wait here until it is through.
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
    throw conflict("This Idempotency-Key was used with another body; take a new key.", field);
  }
  return earlier.subjectId;
}

/** Writes down what the key stands for, in the transaction that claimed it. */
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

/** What was made with the key, unless it is gone. @throws Refusal `conflict` on `Idempotency-Key`. */
export function requireExisting<T>(made: T | null | undefined, { noun }: IdempotentRequest): T {
  if (!made) throw conflict(`The ${noun} made with this Idempotency-Key has been removed; take a new key.`, field);
  return made;
}
