import { expect, test } from "vitest";
import { env } from "@/lib/env";
import { demandSessions } from "./pooling";

test("PostgreSQL itself gives each connection a backend of its own", async () => {
  await expect(demandSessions(env().databaseUrl)).resolves.toBeUndefined();
});
