import { pool } from "@/lib/db";
import { TokenResolver } from "@/lib/verification/token-resolver";
import { confirmOnce } from "./confirm-once";

// The same instance with a memory that is not confirmed. It shows that the rounds notice stale answers.
const shared = globalThis as unknown as { tesseraRecognition?: TokenResolver };
shared.tesseraRecognition = new TokenResolver(pool, 10_000, confirmOnce);
await import("./api-server");
