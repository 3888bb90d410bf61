-- Names sort as people sort them: regardless of case, accents second, numbers by value. The collation is deterministic, so
-- equality is still equality of bytes, and a page ends at one exact place. Without ICU names sort by code point, which the
-- server says at its start.
DO $$
BEGIN
    CREATE COLLATION "natural_order" (provider = icu, locale = 'und-u-kn-true-ks-level2');
EXCEPTION WHEN feature_not_supported OR undefined_object THEN
    CREATE COLLATION "natural_order" FROM "C";
END $$;

-- Text that looks the same becomes the same (NFC). A name that is taken then gets a number.
CREATE FUNCTION pg_temp."free_name"("name" TEXT, "is_taken" TEXT) RETURNS TEXT LANGUAGE plpgsql AS $$
DECLARE
    candidate TEXT := normalize(name);
    taken BOOLEAN;
BEGIN
    FOR number IN 2..1000 LOOP
        EXECUTE 'SELECT EXISTS (' || is_taken || ')' INTO taken USING candidate;
        EXIT WHEN NOT taken;
        candidate := regexp_replace(normalize(name), '((?<=.)\.[^.]*)?$', '-' || number || '\1');
    END LOOP;
    RETURN candidate;
END $$;

DO $$
DECLARE
    item RECORD;
    place RECORD;
BEGIN
    IF current_setting('server_encoding') <> 'UTF8' THEN
        RETURN;
    END IF;
    FOR item IN SELECT id, name FROM repositories WHERE name IS NOT NORMALIZED LOOP
        UPDATE repositories SET name = pg_temp.free_name(item.name, 'SELECT FROM repositories WHERE name = $1')
        WHERE id = item.id;
    END LOOP;
    FOR item IN SELECT id, repository_id, name FROM workspaces WHERE name IS NOT NORMALIZED LOOP
        UPDATE workspaces SET name = pg_temp.free_name(item.name,
            format('SELECT FROM workspaces WHERE repository_id = %L AND name = $1', item.repository_id))
        WHERE id = item.id;
    END LOOP;
    FOR item IN SELECT repository_id, name FROM repository_files WHERE name IS NOT NORMALIZED LOOP
        UPDATE repository_files SET name = pg_temp.free_name(item.name,
            format('SELECT FROM repository_files WHERE repository_id = %L AND name = $1', item.repository_id))
        WHERE repository_id = item.repository_id AND name = item.name;
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
