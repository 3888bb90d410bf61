import { startJobs } from "@/lib/jobs/worker";

// An instance like testing/api-server.ts that also runs jobs.

await startJobs();
await import("./api-server");
