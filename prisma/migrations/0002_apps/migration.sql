-- AlterTable
ALTER TABLE "grants" ADD COLUMN     "app_id" UUID;

-- AlterTable
ALTER TABLE "tokens" ADD COLUMN     "app_id" UUID;

-- AlterTable
ALTER TABLE "jobs" ADD COLUMN     "app_id" UUID,
ADD COLUMN     "app_name" TEXT,
ADD COLUMN     "run_key_digest" BYTEA;

-- CreateTable
CREATE TABLE "apps" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "owner_id" UUID NOT NULL,
    "workspace_id" UUID,
    "repository_name" TEXT NOT NULL,
    "workspace_name" TEXT NOT NULL,
    "parameters" JSONB NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "frame_origins" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "apps_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "apps_slug_key" ON "apps"("slug");

-- CreateIndex
CREATE INDEX "apps_owner_id_name_id_idx" ON "apps"("owner_id", "name", "id");

-- CreateIndex
CREATE INDEX "apps_owner_id_created_at_id_idx" ON "apps"("owner_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "apps_workspace_id_idx" ON "apps"("workspace_id");

-- CreateIndex
CREATE INDEX "grants_app_id_idx" ON "grants"("app_id");

-- CreateIndex
CREATE UNIQUE INDEX "tokens_app_id_key" ON "tokens"("app_id");

-- CreateIndex
CREATE UNIQUE INDEX "jobs_run_key_digest_key" ON "jobs"("run_key_digest");

-- CreateIndex
CREATE INDEX "jobs_app_id_submitted_at_idx" ON "jobs"("app_id", "submitted_at");

-- AddForeignKey
ALTER TABLE "grants" ADD CONSTRAINT "grants_app_id_fkey" FOREIGN KEY ("app_id") REFERENCES "apps"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tokens" ADD CONSTRAINT "tokens_app_id_fkey" FOREIGN KEY ("app_id") REFERENCES "apps"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "apps" ADD CONSTRAINT "apps_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "apps" ADD CONSTRAINT "apps_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_app_id_fkey" FOREIGN KEY ("app_id") REFERENCES "apps"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- What Prisma's language cannot say.

-- A grant names an item exactly when its resource is one; an app is one now.
ALTER TABLE "grants"
    DROP CONSTRAINT "grants_item",
    ADD CONSTRAINT "grants_item" CHECK (
        ("resource" = 'repository') = ("repository_id" IS NOT NULL)
        AND ("resource" = 'workspace') = ("workspace_id" IS NOT NULL)
        AND ("resource" = 'app') = ("app_id" IS NOT NULL)
    );

DROP INDEX "grants_once";
CREATE UNIQUE INDEX "grants_once"
    ON "grants" (
        "user_id", "role_name", "token_id", "resource", "action", "repository_id", "workspace_id", "app_id"
    )
    NULLS NOT DISTINCT;

-- Only API tokens carry apps.
ALTER TABLE "tokens"
    ADD CONSTRAINT "tokens_app_is_api" CHECK ("app_id" IS NULL OR "kind" = 'api');

ALTER TABLE "apps"
    ADD CONSTRAINT "apps_slug_shape" CHECK ("slug" ~ '^[a-z0-9-]{1,60}$');

ALTER TABLE "jobs"
    ADD CONSTRAINT "jobs_run_key_is_sha256" CHECK (octet_length("run_key_digest") = 32),
    ADD CONSTRAINT "jobs_run_key_of_app" CHECK ("run_key_digest" IS NULL OR "app_name" IS NOT NULL);

-- What a grant says, in words.
CREATE OR REPLACE VIEW "granted_permissions" AS
SELECT
    g."id" AS "grant_id",
    g."user_id",
    g."role_name",
    g."token_id",
    CASE g."resource"
        WHEN 'repository' THEN 'repository/' || r."name"
        WHEN 'workspace' THEN 'workspace/' || wr."name" || '/' || w."name"
        WHEN 'app' THEN 'app/' || a."slug"
        ELSE g."resource"
    END || ':' || g."action" AS "permission"
FROM "grants" g
LEFT JOIN "repositories" r ON r."id" = g."repository_id"
LEFT JOIN "workspaces" w ON w."id" = g."workspace_id"
LEFT JOIN "repositories" wr ON wr."id" = w."repository_id"
LEFT JOIN "apps" a ON a."id" = g."app_id";

-- What a person holds now. `*` is the symbol of everything; an owner holds everything on the item; everybody may manage
-- their own tokens.
CREATE OR REPLACE VIEW "held_permissions" AS
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
SELECT "owner_id", 'app/' || "slug" || ':*' FROM "apps"
UNION
SELECT "id", 'tokens:manage' FROM "users";

-- A server that has been running gives its roles what a new one gives them. Where they were removed, nobody gets it.
INSERT INTO "grants" ("id", "role_name", "resource", "action")
SELECT gen_random_uuid(), r."name", 'apps', given."action"
FROM (VALUES ('author', 'create'), ('user', 'access')) AS given ("role_name", "action")
JOIN "roles" r ON r."name" = given."role_name"
ON CONFLICT DO NOTHING;
