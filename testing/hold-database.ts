import { startDatabase } from "@/lib/server/database";

// Starts an embedded database, sends its URL, and does nothing more until it is killed.
const { url } = await startDatabase(process.argv[2] ?? "");
process.send?.(url);
setInterval(() => undefined, 60_000);
