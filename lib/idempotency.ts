import { hash } from "node:crypto";
import { z } from "zod";
import { days, later } from "./clock";
import type { Tx } from "./db";
import { conflict } from "./errors";
import { Prisma } from "./generated/prisma/client";

export const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, "Use 1 to 255 printable ASCII characters without spaces.")
  .describe("A retry with the same key and body creates nothing new. Its response does not contain the value.");

const field = "Idempotency-Key";

export interface IdempotentRequest {
  userId: string;
  operation: string;
  noun: string;
  key: string;
  /** Bytes that are the same for the same request: defaults filled in, times in UTC, lists sorted. */
  canonicalBody: string;
}

/** Returns null without a key. The order of `fields` must never change. */
export function idempotentRequest(
  key: string | undefined,
  purpose: Pick<IdempotentRequest, "userId" | "operation" | "noun">,
  fields: readonly unknown[],
): IdempotentRequest | null {
  return key === undefined ? null : { ...purpose, key, canonicalBody: JSON.stringify(fields) };
}

/** Claims the key for a day, or returns the id of what it created before. Of concurrent retries one continues and the
 * others wait here until it ends. Refuses `conflict` on `Idempotency-Key` when the key came with another body. */
export async function claimKey(tx: Tx, request: IdempotentRequest, now: Date): Promise<string | null> {
  const { userId, operation, key } = request;
  const bodyHash = bodyHashOf(request);
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

const bodyHashOf = ({ canonicalBody }: IdempotentRequest) => Buffer.from(hash("sha256", canonicalBody, "buffer"));

/** Claims and settles a key, for a statement that also creates: `claimed` has a row if `ready`, a name in its WITH, has
 * one and the key is free. {@link claimKey} tells of what the key is otherwise. */
export function claimKeySql(request: IdempotentRequest, subjectId: string, now: Date, ready: string): Prisma.Sql {
  const { userId, operation, key } = request;
  return Prisma.sql`
    expired AS (
      DELETE FROM idempotent_requests
      WHERE user_id = ${userId}::uuid AND created_at <= ${later(now, -days(1))}::timestamptz
    ),
    claimed AS (
      INSERT INTO idempotent_requests (user_id, operation, key, body_hash, subject_id, created_at)
      SELECT ${userId}::uuid, ${operation}, ${key}, ${bodyHashOf(request)}::bytea, ${subjectId}, ${now}::timestamptz
      FROM ${Prisma.raw(ready)}
      ON CONFLICT DO NOTHING RETURNING key
    )`;
}

/** Stores what the key created. `tx` must be the transaction that claimed it. */
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

/** Refuses `conflict` on `Idempotency-Key` when what the key created has been removed. */
export function requireExisting<T>(created: T | null | undefined, { noun }: IdempotentRequest): T {
  if (!created) throw conflict(`The ${noun} created with this Idempotency-Key has been removed. Use a new key.`, field);
  return created;
}
