import { startDatabase } from "@/lib/server/database";

// A server that starts its database and then sits there until it is killed.
const { url } = await startDatabase(process.argv[2] ?? "");
console.log(url);
setInterval(() => undefined, 60_000);
