import { startDatabase } from "@/lib/server/database";

// Starts an embedded database and does nothing more until it is killed.
const { url } = await startDatabase(process.argv[2] ?? "");
console.log(url);
setInterval(() => undefined, 60_000);
