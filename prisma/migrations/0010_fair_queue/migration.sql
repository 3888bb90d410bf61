-- Whose turn it is: the owners with waiting jobs in order, the running jobs of each, and when the last one of each started.
CREATE INDEX "jobs_waiting_of_owner" ON "jobs" ("owner_id", "id") WHERE "status" = 'queued';
CREATE INDEX "jobs_running_of_owner" ON "jobs" ("owner_id") WHERE "status" = 'running';
CREATE INDEX "jobs_started_of_owner" ON "jobs" ("owner_id", "started_at") WHERE "started_at" IS NOT NULL;
