-- A content has an id of its own, because its SHA-256 is known only when the last byte has arrived.
-- CreateTable
CREATE TABLE "contents" (
    "id" TEXT NOT NULL,
    "sha256" TEXT,
    "chunk_bytes" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "contents_pkey" PRIMARY KEY ("id")
);

-- The id of a content that exists already is its SHA-256, so no chunk is written again.
INSERT INTO "contents" ("id", "sha256", "chunk_bytes") SELECT DISTINCT "sha256", "sha256", 1048576 FROM "repository_files";
DELETE FROM "file_chunks" WHERE NOT EXISTS (SELECT FROM "contents" WHERE "id" = "file_chunks"."sha256");

-- AlterTable
ALTER TABLE "repository_files" ALTER COLUMN "size" SET DATA TYPE BIGINT;

-- AlterTable
ALTER TABLE "file_chunks" RENAME COLUMN "sha256" TO "content_id";
ALTER TABLE "file_chunks" ADD COLUMN     "object" TEXT,
ALTER COLUMN "bytes" DROP NOT NULL,
ADD CONSTRAINT "file_chunks_one_place" CHECK (num_nonnulls("bytes", "object") = 1);

-- CreateTable
CREATE TABLE "stored_objects" (
    "name" TEXT NOT NULL,
    "content_id" TEXT NOT NULL,

    CONSTRAINT "stored_objects_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "uploads" (
    "id" UUID NOT NULL,
    "owner_id" UUID NOT NULL,
    "repository_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "content_id" TEXT,
    "resumable" BOOLEAN NOT NULL,
    "length" BIGINT,
    "received" BIGINT NOT NULL DEFAULT 0,
    "tail" BYTEA,
    "hash_state" BYTEA,
    "expected" TEXT,
    "writer" UUID NOT NULL,
    "completed" BOOLEAN NOT NULL DEFAULT false,
    "touched_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "uploads_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "contents_sha256_key" ON "contents"("sha256");

-- CreateIndex
CREATE INDEX "stored_objects_content_id_idx" ON "stored_objects"("content_id");

-- CreateIndex
CREATE INDEX "uploads_owner_id_idx" ON "uploads"("owner_id");

-- CreateIndex
CREATE INDEX "uploads_repository_id_idx" ON "uploads"("repository_id");

-- CreateIndex
CREATE INDEX "uploads_content_id_idx" ON "uploads"("content_id");

-- CreateIndex
CREATE INDEX "uploads_touched_at_idx" ON "uploads"("touched_at");

-- AddForeignKey
ALTER TABLE "repository_files" ADD CONSTRAINT "repository_files_sha256_fkey" FOREIGN KEY ("sha256") REFERENCES "contents"("sha256") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "file_chunks" ADD CONSTRAINT "file_chunks_content_id_fkey" FOREIGN KEY ("content_id") REFERENCES "contents"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "stored_objects" ADD CONSTRAINT "stored_objects_content_id_fkey" FOREIGN KEY ("content_id") REFERENCES "contents"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "uploads" ADD CONSTRAINT "uploads_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "uploads" ADD CONSTRAINT "uploads_repository_id_fkey" FOREIGN KEY ("repository_id") REFERENCES "repositories"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "uploads" ADD CONSTRAINT "uploads_content_id_fkey" FOREIGN KEY ("content_id") REFERENCES "contents"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
