-- A workspace reads the data files of its repository, so its owner holds everything on it only while they may publish there.
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
WHERE r."owner_id" = w."owner_id" OR EXISTS (
    SELECT FROM "grants" g
    WHERE g."repository_id" = r."id" AND g."action" = 'publish' AND (
        g."user_id" = w."owner_id"
        OR g."role_name" IN (SELECT ur."role_name" FROM "user_roles" ur WHERE ur."user_id" = w."owner_id")
    )
)
UNION
SELECT "owner_id", 'app/' || "slug" || ':*' FROM "apps"
UNION
SELECT "id", 'tokens:manage' FROM "users";

-- What is remembered was read from the view as it was.
INSERT INTO "changes" ("everything") VALUES (true);
