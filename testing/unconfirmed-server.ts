import { pool } from "@/lib/db";
import { TokenResolver, tokenResolver } from "@/lib/verification/token-resolver";
import { onlyAtFirst } from "./unconfirmed";

// The same instance, but for a memory that believes what it has: it shows that the rounds find out.
tokenResolver.replace(new TokenResolver(pool, 10_000, onlyAtFirst));
await import("./api-server");
