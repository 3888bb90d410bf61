import { z } from "zod";

const refusal = z.object({
  code: z.enum(["header", "sql", "memory", "output", "format"]),
  message: z.string(),
});

const message = z.union([
  z.object({ log: z.string() }),
  z.object({ rows: z.int().nonnegative(), bytes: z.int().nonnegative() }),
  z.object({ refused: refusal }),
  z.object({
    header: z.unknown(),
    query: z.union([z.object({ parameters: z.array(z.string()) }), z.object({ refused: z.string() })]),
  }),
]);

type EngineMessage = z.output<typeof message>;
export type EngineAnswer = Exclude<EngineMessage, { log: string }>;

/** Returns a message of the engine's process, or null for what that process never sends. */
export const parseMessage = (received: unknown): EngineMessage | null => message.safeParse(received).data ?? null;
