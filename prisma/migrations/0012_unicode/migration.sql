-- Names sort as people sort them: regardless of case, accents second, numbers by value. The collation is deterministic, so
-- equality is still equality of bytes, and a page ends at one exact place. Without ICU names sort by code point, which the
-- server says at its start.
DO $$
BEGIN
    CREATE COLLATION "natural_order" (provider = icu, locale = 'und-u-kn-true-ks-level2');
EXCEPTION WHEN feature_not_supported OR undefined_object THEN
    CREATE COLLATION "natural_order" FROM "C";
END $$;

-- Text that looks the same becomes the same (NFC). Where the name is taken it gets a number.
DO $$
DECLARE
    item RECORD;
    place RECORD;
    wanted TEXT;
    number INT;
    is_taken BOOLEAN;
BEGIN
    IF current_setting('server_encoding') <> 'UTF8' THEN
        RETURN;
    END IF;
    FOR item IN
        SELECT 'repositories' AS of_table, 'true' AS beside, format('id = %L', id) AS it, name
        FROM repositories WHERE name IS NOT NORMALIZED
        UNION ALL
        SELECT 'workspaces', format('repository_id = %L', repository_id), format('id = %L', id), name
        FROM workspaces WHERE name IS NOT NORMALIZED
        UNION ALL
        SELECT 'repository_files', format('repository_id = %L', repository_id),
            format('repository_id = %L AND name = %L', repository_id, name), name
        FROM repository_files WHERE name IS NOT NORMALIZED
    LOOP
        wanted := normalize(item.name);
        number := 1;
        LOOP
            EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE %s AND name = $1)', item.of_table, item.beside)
            INTO is_taken USING wanted;
            EXIT WHEN NOT is_taken;
            number := number + 1;
            wanted := regexp_replace(normalize(item.name), '(\.[^.]*)?$', '-' || number || '\1');
        END LOOP;
        EXECUTE format('UPDATE %I SET name = $1 WHERE %s', item.of_table, item.it) USING wanted;
    END LOOP;
    UPDATE apps a SET repository_name = r.name, workspace_name = w.name
    FROM workspaces w JOIN repositories r ON r.id = w.repository_id
    WHERE w.id = a.workspace_id AND (a.repository_name, a.workspace_name) IS DISTINCT FROM (r.name, w.name);

    FOR place IN
        SELECT * FROM (VALUES
            ('tokens', 'description'), ('users', 'full_name'), ('roles', 'description'), ('repositories', 'description'),
            ('workspaces', 'title'), ('workspaces', 'description'), ('apps', 'description'),
            ('jobs', 'repository_name'), ('jobs', 'workspace_name'), ('audit_events', 'subject_name')
        ) AS places ("of_table", "of_column")
    LOOP
        EXECUTE format('UPDATE %1$I SET %2$I = normalize(%2$I) WHERE %2$I IS NOT NORMALIZED',
            place.of_table, place.of_column);
    END LOOP;
END $$;

-- Lists sort by a column of its own, so that uniqueness, lookups and searches stay as they are whatever ICU the server has.
ALTER TABLE "tokens" ADD COLUMN "sort_name" TEXT COLLATE "natural_order" GENERATED ALWAYS AS ("name") STORED;
ALTER TABLE "users" ADD COLUMN "sort_name" TEXT COLLATE "natural_order" GENERATED ALWAYS AS ("user_name") STORED;
ALTER TABLE "roles" ADD COLUMN "sort_name" TEXT COLLATE "natural_order" GENERATED ALWAYS AS ("title") STORED;
ALTER TABLE "repositories" ADD COLUMN "sort_name" TEXT COLLATE "natural_order" GENERATED ALWAYS AS ("name") STORED;
ALTER TABLE "repository_files" ADD COLUMN "sort_name" TEXT COLLATE "natural_order" GENERATED ALWAYS AS ("name") STORED;
ALTER TABLE "workspaces" ADD COLUMN "sort_name" TEXT COLLATE "natural_order" GENERATED ALWAYS AS ("name") STORED;
ALTER TABLE "apps" ADD COLUMN "sort_name" TEXT COLLATE "natural_order" GENERATED ALWAYS AS ("name") STORED;

DROP INDEX "tokens_by_name", "apps_owner_id_name_id_idx";
CREATE INDEX "tokens_by_name" ON "tokens" ("owner_id", "kind", "sort_name", "id") INCLUDE ("expires_at", "enabled");
CREATE INDEX "users_sort_name_idx" ON "users"("sort_name");
CREATE INDEX "repositories_sort_name_idx" ON "repositories"("sort_name");
CREATE INDEX "repository_files_repository_id_sort_name_idx" ON "repository_files"("repository_id", "sort_name");
CREATE INDEX "workspaces_repository_id_sort_name_idx" ON "workspaces"("repository_id", "sort_name");
CREATE INDEX "apps_owner_id_sort_name_id_idx" ON "apps"("owner_id", "sort_name", "id");
