import { runUntilSignal } from "@/lib/server/run-until-signal";
import { prepare } from "@/lib/server/serve";

// Checks, migrates and seeds the database of DATABASE_URL as a start does, and ends. It needs no build of the pages.

await runUntilSignal((cleanups, fail) => prepare(cleanups, fail), {
  quiet: true,
  ready: async () => void process.kill(process.pid, "SIGTERM"),
});
