-- The result of a removed job is removed afterwards in small batches, because its bytes would take longer than a statement may.
ALTER TABLE "job_result_chunks" DROP CONSTRAINT "job_result_chunks_job_id_fkey";

-- Until then a content without a digest is kept for those who read or write it.
ALTER TABLE "contents" ADD COLUMN     "remove_at" TIMESTAMPTZ(3);

-- Removing a workspace or a repository would otherwise read all jobs.
-- CreateIndex
CREATE INDEX "jobs_repository_id_idx" ON "jobs"("repository_id");

-- CreateIndex
CREATE INDEX "jobs_workspace_id_idx" ON "jobs"("workspace_id");
