-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "token_kind" AS ENUM ('api', 'session');

-- CreateEnum
CREATE TYPE "job_status" AS ENUM ('queued', 'running', 'succeeded', 'failed', 'cancelled');

-- CreateTable
CREATE TABLE "users" (
    "id" UUID NOT NULL,
    "user_name" TEXT NOT NULL,
    "full_name" TEXT NOT NULL,
    "password_hash" TEXT,
    "must_change_password" BOOLEAN NOT NULL DEFAULT false,
    "password_changed_at" TIMESTAMPTZ(3),
    "external_identity" TEXT,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "roles" (
    "name" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "everything" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "roles_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "user_roles" (
    "user_id" UUID NOT NULL,
    "role_name" TEXT NOT NULL,

    CONSTRAINT "user_roles_pkey" PRIMARY KEY ("user_id","role_name")
);

-- CreateTable
CREATE TABLE "grants" (
    "id" UUID NOT NULL,
    "user_id" UUID,
    "role_name" TEXT,
    "token_id" UUID,
    "resource" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "repository_id" UUID,
    "workspace_id" UUID,

    CONSTRAINT "grants_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tokens" (
    "id" UUID NOT NULL,
    "owner_id" UUID NOT NULL,
    "kind" "token_kind" NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "digest" BYTEA NOT NULL,
    "last_four" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "all_permissions" BOOLEAN NOT NULL DEFAULT false,
    "in_url" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_address" TEXT,
    "created_agent" TEXT,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "extended_at" TIMESTAMPTZ(3),
    "extendable_until" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "last_used_address" TEXT,
    "last_used_agent" TEXT,

    CONSTRAINT "tokens_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "idempotent_requests" (
    "user_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "body_hash" BYTEA NOT NULL,
    "subject_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "idempotent_requests_pkey" PRIMARY KEY ("user_id","operation","key")
);

-- CreateTable
CREATE TABLE "audit_events" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "action" TEXT NOT NULL,
    "actor_id" UUID,
    "actor_name" TEXT NOT NULL,
    "token_id" UUID,
    "token_name" TEXT,
    "subject_type" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "subject_name" TEXT NOT NULL,
    "subject_owner_id" UUID,
    "address" TEXT,
    "agent" TEXT,
    "before" JSONB,
    "after" JSONB,

    CONSTRAINT "audit_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rate_limits" (
    "key" VARCHAR(255) NOT NULL,
    "points" INTEGER NOT NULL DEFAULT 0,
    "expire" BIGINT,

    CONSTRAINT "rate_limits_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "repositories" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "owner_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "repositories_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "workspaces" (
    "id" UUID NOT NULL,
    "repository_id" UUID NOT NULL,
    "owner_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "output" TEXT NOT NULL,
    "parameters" JSONB NOT NULL,
    "source" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "workspaces_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "repository_files" (
    "repository_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "repository_files_pkey" PRIMARY KEY ("repository_id","name")
);

-- CreateTable
CREATE TABLE "file_chunks" (
    "sha256" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "bytes" BYTEA NOT NULL,

    CONSTRAINT "file_chunks_pkey" PRIMARY KEY ("sha256","seq")
);

-- CreateTable
CREATE TABLE "jobs" (
    "id" SERIAL NOT NULL,
    "owner_id" UUID NOT NULL,
    "repository_id" UUID,
    "workspace_id" UUID,
    "repository_name" TEXT NOT NULL,
    "workspace_name" TEXT NOT NULL,
    "token_id" UUID NOT NULL,
    "token_name" TEXT NOT NULL,
    "token_kind" "token_kind" NOT NULL,
    "status" "job_status" NOT NULL DEFAULT 'queued',
    "reason" TEXT,
    "parameters" JSONB NOT NULL,
    "output" TEXT NOT NULL,
    "submitted_at" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "heartbeat_at" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "result_rows" INTEGER,
    "result_bytes" INTEGER,

    CONSTRAINT "jobs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "job_result_chunks" (
    "job_id" INTEGER NOT NULL,
    "seq" INTEGER NOT NULL,
    "bytes" BYTEA NOT NULL,

    CONSTRAINT "job_result_chunks_pkey" PRIMARY KEY ("job_id","seq")
);

-- CreateTable
CREATE TABLE "job_log_lines" (
    "job_id" INTEGER NOT NULL,
    "seq" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "level" TEXT NOT NULL,
    "text" TEXT NOT NULL,

    CONSTRAINT "job_log_lines_pkey" PRIMARY KEY ("job_id","seq")
);

-- CreateIndex
CREATE UNIQUE INDEX "users_user_name_key" ON "users"("user_name");

-- CreateIndex
CREATE UNIQUE INDEX "users_external_identity_key" ON "users"("external_identity");

-- CreateIndex
CREATE INDEX "user_roles_role_name_idx" ON "user_roles"("role_name");

-- CreateIndex
CREATE INDEX "grants_user_id_idx" ON "grants"("user_id");

-- CreateIndex
CREATE INDEX "grants_role_name_idx" ON "grants"("role_name");

-- CreateIndex
CREATE INDEX "grants_token_id_idx" ON "grants"("token_id");

-- CreateIndex
CREATE INDEX "grants_repository_id_idx" ON "grants"("repository_id");

-- CreateIndex
CREATE INDEX "grants_workspace_id_idx" ON "grants"("workspace_id");

-- CreateIndex
CREATE UNIQUE INDEX "tokens_digest_key" ON "tokens"("digest");

-- CreateIndex
CREATE INDEX "tokens_owner_id_kind_name_id_idx" ON "tokens"("owner_id", "kind", "name", "id");

-- CreateIndex
CREATE INDEX "tokens_owner_id_kind_created_at_id_idx" ON "tokens"("owner_id", "kind", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "tokens_owner_id_kind_expires_at_id_idx" ON "tokens"("owner_id", "kind", "expires_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "idempotent_requests_created_at_idx" ON "idempotent_requests"("created_at");

-- CreateIndex
CREATE INDEX "audit_events_subject_type_subject_id_id_idx" ON "audit_events"("subject_type", "subject_id", "id" DESC);

-- CreateIndex
CREATE INDEX "audit_events_actor_id_id_idx" ON "audit_events"("actor_id", "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "repositories_name_key" ON "repositories"("name");

-- CreateIndex
CREATE INDEX "repositories_owner_id_idx" ON "repositories"("owner_id");

-- CreateIndex
CREATE INDEX "workspaces_owner_id_idx" ON "workspaces"("owner_id");

-- CreateIndex
CREATE UNIQUE INDEX "workspaces_repository_id_name_key" ON "workspaces"("repository_id", "name");

-- CreateIndex
CREATE INDEX "repository_files_sha256_idx" ON "repository_files"("sha256");

-- CreateIndex
CREATE INDEX "jobs_owner_id_id_idx" ON "jobs"("owner_id", "id" DESC);

-- CreateIndex
CREATE INDEX "jobs_status_heartbeat_at_idx" ON "jobs"("status", "heartbeat_at");

-- AddForeignKey
ALTER TABLE "user_roles" ADD CONSTRAINT "user_roles_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "user_roles" ADD CONSTRAINT "user_roles_role_name_fkey" FOREIGN KEY ("role_name") REFERENCES "roles"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grants" ADD CONSTRAINT "grants_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grants" ADD CONSTRAINT "grants_role_name_fkey" FOREIGN KEY ("role_name") REFERENCES "roles"("name") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grants" ADD CONSTRAINT "grants_token_id_fkey" FOREIGN KEY ("token_id") REFERENCES "tokens"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grants" ADD CONSTRAINT "grants_repository_id_fkey" FOREIGN KEY ("repository_id") REFERENCES "repositories"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grants" ADD CONSTRAINT "grants_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tokens" ADD CONSTRAINT "tokens_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "repositories" ADD CONSTRAINT "repositories_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "workspaces" ADD CONSTRAINT "workspaces_repository_id_fkey" FOREIGN KEY ("repository_id") REFERENCES "repositories"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "workspaces" ADD CONSTRAINT "workspaces_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "repository_files" ADD CONSTRAINT "repository_files_repository_id_fkey" FOREIGN KEY ("repository_id") REFERENCES "repositories"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_repository_id_fkey" FOREIGN KEY ("repository_id") REFERENCES "repositories"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "job_result_chunks" ADD CONSTRAINT "job_result_chunks_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "job_log_lines" ADD CONSTRAINT "job_log_lines_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma's language cannot say.

-- A grant is in exactly one hand, and names an item exactly when its resource is one.
ALTER TABLE "grants"
    ADD CONSTRAINT "grants_one_holder" CHECK (num_nonnulls("user_id", "role_name", "token_id") = 1),
    ADD CONSTRAINT "grants_item" CHECK (
        ("resource" = 'repository') = ("repository_id" IS NOT NULL)
        AND ("resource" = 'workspace') = ("workspace_id" IS NOT NULL)
    );

CREATE UNIQUE INDEX "grants_once"
    ON "grants" ("user_id", "role_name", "token_id", "resource", "action", "repository_id", "workspace_id")
    NULLS NOT DISTINCT;

-- REST clients address an API token by owner and name. Sessions may share theirs ("Firefox on Linux").
CREATE UNIQUE INDEX "tokens_owner_id_name_key" ON "tokens" ("owner_id", "name") WHERE "kind" = 'api';

ALTER TABLE "tokens"
    ADD CONSTRAINT "tokens_digest_is_sha256" CHECK (octet_length("digest") = 32),
    ADD CONSTRAINT "tokens_session_times" CHECK (
        ("kind" = 'session') = ("extended_at" IS NOT NULL AND "extendable_until" IS NOT NULL)
    );

-- What a grant says, in words.
CREATE VIEW "granted_permissions" AS
SELECT
    g."id" AS "grant_id",
    g."user_id",
    g."role_name",
    g."token_id",
    CASE g."resource"
        WHEN 'repository' THEN 'repository/' || r."name"
        WHEN 'workspace' THEN 'workspace/' || wr."name" || '/' || w."name"
        ELSE g."resource"
    END || ':' || g."action" AS "permission"
FROM "grants" g
LEFT JOIN "repositories" r ON r."id" = g."repository_id"
LEFT JOIN "workspaces" w ON w."id" = g."workspace_id"
LEFT JOIN "repositories" wr ON wr."id" = w."repository_id";

-- What a person holds now. `*` is the symbol of everything; an owner holds everything on the item; everybody may manage
-- their own tokens.
CREATE VIEW "held_permissions" AS
SELECT "user_id", "permission" FROM "granted_permissions" WHERE "user_id" IS NOT NULL
UNION
SELECT ur."user_id", p."permission"
FROM "user_roles" ur JOIN "granted_permissions" p ON p."role_name" = ur."role_name"
UNION
SELECT ur."user_id", '*' FROM "user_roles" ur JOIN "roles" ro ON ro."name" = ur."role_name" WHERE ro."everything"
UNION
SELECT "owner_id", 'repository/' || "name" || ':*' FROM "repositories"
UNION
SELECT w."owner_id", 'workspace/' || r."name" || '/' || w."name" || ':*'
FROM "workspaces" w JOIN "repositories" r ON r."id" = w."repository_id"
UNION
SELECT "id", 'tokens:manage' FROM "users";
