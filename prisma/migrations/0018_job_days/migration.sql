-- Jobs are counted per day (UTC) and status, also those of one owner, without reading the jobs themselves.
ALTER TABLE "jobs" ADD COLUMN "submitted_day" DATE GENERATED ALWAYS AS (("submitted_at" AT TIME ZONE 'UTC')::date) STORED;
CREATE INDEX "jobs_owner_id_submitted_day_status_idx" ON "jobs"("owner_id", "submitted_day", "status");
