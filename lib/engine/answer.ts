import { z } from "zod";

const refusal = z.object({
  code: z.enum(["header", "sql", "memory", "output", "format"]),
  message: z.string(),
  line: z.int().positive().optional(),
});

const answer = z.union([
  z.object({ rows: z.int().nonnegative(), bytes: z.int().nonnegative() }),
  z.object({ refused: refusal }),
  z.object({
    header: z.unknown(),
    lines: z.record(z.string(), z.int().positive()),
    query: z.union([
      z.object({ parameters: z.array(z.object({ name: z.string(), line: z.int().positive().optional() })) }),
      z.object({ refused: z.string(), line: z.int().positive().optional() }),
    ]),
  }),
]);

/** `begun` comes first and the answer last of a job; `ready` when the process can take a job, with its memory in bytes. */
const message = z.union([
  z.object({ ready: z.int().nonnegative() }),
  z.object({ begun: z.literal(true) }),
  z.object({ log: z.string() }),
  answer,
]);

type EngineMessage = z.output<typeof message>;
export type EngineAnswer = z.output<typeof answer>;

/** Returns a message of the engine's process, or null for what that process never sends. */
export const parseMessage = (received: unknown): EngineMessage | null => message.safeParse(received).data ?? null;
