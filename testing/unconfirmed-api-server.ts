import { pool } from "@/lib/db";
import { TokenResolver, tokenResolver } from "@/lib/verification/token-resolver";
import { confirmOnce } from "./confirm-once";

// The same instance with a memory that is not confirmed. It shows that the rounds notice stale answers.
tokenResolver.replace(new TokenResolver(pool, 10_000, confirmOnce));
await import("./api-server");
