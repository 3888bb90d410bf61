-- How often visitors ran each app, and when last: kept, since jobs do not stay for ever.
-- AlterTable
ALTER TABLE "apps" ADD COLUMN     "runs" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "last_run_at" TIMESTAMPTZ(3);

UPDATE "apps" SET "runs" = j."runs", "last_run_at" = j."last_run_at"
FROM (SELECT "app_id", count(*)::int AS "runs", max("submitted_at") AS "last_run_at" FROM "jobs" GROUP BY "app_id") j
WHERE j."app_id" = "apps"."id";

-- What an app has under way, and what is old enough to be forgotten, are found without reading all jobs.
CREATE INDEX "jobs_unfinished_of_app" ON "jobs" ("app_id") WHERE "status" IN ('queued', 'running');
CREATE INDEX "jobs_finished_at" ON "jobs" ("finished_at") WHERE "finished_at" IS NOT NULL;

-- The runs of an app one by one, newest first.
-- DropIndex
DROP INDEX "jobs_app_id_submitted_at_idx";

-- CreateIndex
CREATE INDEX "jobs_app_id_id_idx" ON "jobs"("app_id", "id" DESC);
