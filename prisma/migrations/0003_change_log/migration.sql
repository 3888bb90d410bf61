-- What verification remembers must be forgotten when it is no longer true (design 7). Whatever writes, also psql, leaves a line
-- here in its own transaction: triggers note what to drop, and at commit each line gets the next number of one counter. The
-- counter is a row, not a sequence: its lock, taken last, makes the order of numbers the order of commits.

CREATE TABLE "change_counter" (
    "only" BOOLEAN PRIMARY KEY DEFAULT true CHECK ("only"),
    "value" BIGINT NOT NULL
);
INSERT INTO "change_counter" ("value") VALUES (0);

-- One line per statement: the tokens to drop, the owners to drop with all their tokens, or everything. Roles stand for their
-- members until the line gets its number.
CREATE TABLE "changes" (
    "id" BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    "number" BIGINT UNIQUE,
    "token_ids" UUID[] NOT NULL DEFAULT '{}',
    "owner_ids" UUID[] NOT NULL DEFAULT '{}',
    "role_names" TEXT[] NOT NULL DEFAULT '{}',
    "everything" BOOLEAN NOT NULL DEFAULT false
);

-- The transaction that made a token: until it has committed, nobody can remember the token, so making one is no change.
ALTER TABLE "tokens" ADD COLUMN "made_in" XID8 NOT NULL DEFAULT pg_current_xact_id();

-- At commit, when no other lock is waited for any more: a change that commits late holds up no other, and none deadlock. Members
-- of a role are named under the counter's lock: who joined before is seen, and who joins later notes that with a later number.
-- A line that would name very many says everything instead.
CREATE FUNCTION "number_change"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    next BIGINT;
    owners UUID[] := NEW.owner_ids;
BEGIN
    UPDATE change_counter SET value = value + 1 RETURNING value INTO STRICT next;
    IF cardinality(NEW.role_names) > 0 THEN
        owners := owners || ARRAY(SELECT user_id FROM user_roles WHERE role_name = ANY (NEW.role_names) LIMIT 1001);
    END IF;
    IF cardinality(NEW.token_ids) + cardinality(owners) > 1000 THEN
        UPDATE changes SET number = next, everything = true, token_ids = '{}', owner_ids = '{}' WHERE id = NEW.id;
    ELSE
        UPDATE changes SET number = next, owner_ids = owners WHERE id = NEW.id;
    END IF;
    DELETE FROM changes WHERE number = next - 10000;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER "number_change" AFTER INSERT ON "changes"
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "number_change"();

-- One line, or none when there is nothing to drop.
CREATE FUNCTION "note_change"("tokens" UUID[] DEFAULT '{}', "owners" UUID[] DEFAULT '{}', "role_names" TEXT[] DEFAULT '{}')
RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF cardinality($1) + cardinality($2) + cardinality($3) > 0 THEN
        INSERT INTO changes (token_ids, owner_ids, role_names) VALUES ($1, $2, $3);
    END IF;
END $$;

CREATE FUNCTION "note_everything"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO changes (everything) VALUES (true);
    RETURN NULL;
END $$;

-- Tokens. What only gives more (enabled, extended, allowed in a URL) is no change: a refusal never comes from memory.
CREATE FUNCTION "note_tokens_changed"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM note_change(ARRAY(
        SELECT o.id FROM was o LEFT JOIN is_now n ON n.id = o.id
        WHERE o.made_in <> pg_current_xact_id()
          AND (n.id IS NULL
            OR (o.enabled AND NOT n.enabled)
            OR n.expires_at < o.expires_at
            OR (o.in_url AND NOT n.in_url)
            OR (o.digest, o.owner_id, o.kind, o.name, o.all_permissions)
                IS DISTINCT FROM (n.digest, n.owner_id, n.kind, n.name, n.all_permissions))
    ));
    RETURN NULL;
END $$;

CREATE FUNCTION "note_tokens_removed"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM note_change(ARRAY(SELECT id FROM was WHERE made_in <> pg_current_xact_id()));
    RETURN NULL;
END $$;

CREATE TRIGGER "note_change_update" AFTER UPDATE ON "tokens"
REFERENCING OLD TABLE AS was NEW TABLE AS is_now FOR EACH STATEMENT EXECUTE FUNCTION "note_tokens_changed"();
CREATE TRIGGER "note_change_delete" AFTER DELETE ON "tokens"
REFERENCING OLD TABLE AS was FOR EACH STATEMENT EXECUTE FUNCTION "note_tokens_removed"();

-- Grants, given and taken alike: what a hand holds is remembered whole. Grants of a token that is gone went with it.
CREATE FUNCTION "note_grants_of"("tokens" UUID[], "users" UUID[], "role_names" TEXT[]) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM note_change(
        ARRAY(SELECT t.id FROM tokens t WHERE t.id = ANY ($1) AND t.made_in <> pg_current_xact_id()),
        array_remove($2, NULL),
        array_remove($3, NULL)
    );
END $$;

CREATE FUNCTION "note_grants"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM note_grants_of(
        ARRAY(SELECT DISTINCT token_id FROM changed),
        ARRAY(SELECT DISTINCT user_id FROM changed),
        ARRAY(SELECT DISTINCT role_name FROM changed)
    );
    RETURN NULL;
END $$;

CREATE FUNCTION "note_grants_changed"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM note_grants_of(
        ARRAY(SELECT token_id FROM was UNION SELECT token_id FROM is_now),
        ARRAY(SELECT user_id FROM was UNION SELECT user_id FROM is_now),
        ARRAY(SELECT role_name FROM was UNION SELECT role_name FROM is_now)
    );
    RETURN NULL;
END $$;

CREATE TRIGGER "note_change_insert" AFTER INSERT ON "grants"
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "note_grants"();
CREATE TRIGGER "note_change_delete" AFTER DELETE ON "grants"
REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "note_grants"();
CREATE TRIGGER "note_change_update" AFTER UPDATE ON "grants"
REFERENCING OLD TABLE AS was NEW TABLE AS is_now FOR EACH STATEMENT EXECUTE FUNCTION "note_grants_changed"();

-- Whose role was given or taken.
CREATE FUNCTION "note_user_roles"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM note_change(owners => ARRAY(SELECT DISTINCT user_id FROM changed));
    RETURN NULL;
END $$;

CREATE FUNCTION "note_user_roles_changed"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM note_change(owners => ARRAY(SELECT user_id FROM was UNION SELECT user_id FROM is_now));
    RETURN NULL;
END $$;

CREATE TRIGGER "note_change_insert" AFTER INSERT ON "user_roles"
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "note_user_roles"();
CREATE TRIGGER "note_change_delete" AFTER DELETE ON "user_roles"
REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "note_user_roles"();
CREATE TRIGGER "note_change_update" AFTER UPDATE ON "user_roles"
REFERENCING OLD TABLE AS was NEW TABLE AS is_now FOR EACH STATEMENT EXECUTE FUNCTION "note_user_roles_changed"();

-- Roles: removing or renaming one changes its members and grants, which note that themselves.
CREATE FUNCTION "note_roles_changed"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM note_change(role_names => ARRAY(
        SELECT n.name FROM was o JOIN is_now n ON n.name = o.name WHERE o.everything <> n.everything
    ));
    RETURN NULL;
END $$;

CREATE TRIGGER "note_change_update" AFTER UPDATE ON "roles"
REFERENCING OLD TABLE AS was NEW TABLE AS is_now FOR EACH STATEMENT EXECUTE FUNCTION "note_roles_changed"();

-- Users.
CREATE FUNCTION "note_users_changed"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM note_change(owners => ARRAY(
        SELECT o.id FROM was o LEFT JOIN is_now n ON n.id = o.id
        WHERE n.id IS NULL OR (o.enabled AND NOT n.enabled)
            OR (o.user_name, o.password_hash, o.must_change_password)
                IS DISTINCT FROM (n.user_name, n.password_hash, n.must_change_password)
    ));
    RETURN NULL;
END $$;

CREATE FUNCTION "note_users_removed"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM note_change(owners => ARRAY(SELECT id FROM was));
    RETURN NULL;
END $$;

CREATE TRIGGER "note_change_update" AFTER UPDATE ON "users"
REFERENCING OLD TABLE AS was NEW TABLE AS is_now FOR EACH STATEMENT EXECUTE FUNCTION "note_users_changed"();
CREATE TRIGGER "note_change_delete" AFTER DELETE ON "users"
REFERENCING OLD TABLE AS was FOR EACH STATEMENT EXECUTE FUNCTION "note_users_removed"();

-- Items. An owner gains and loses what owning means; removing one removes its grants, which note that themselves; another name
-- is another permission for whoever holds one.
CREATE FUNCTION "note_items"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM note_change(owners => ARRAY(SELECT DISTINCT owner_id FROM changed));
    RETURN NULL;
END $$;

CREATE FUNCTION "note_items_changed"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (SELECT FROM was o LEFT JOIN is_now n ON n.id = o.id WHERE n.name IS DISTINCT FROM o.name) THEN
        INSERT INTO changes (everything) VALUES (true);
    ELSE
        PERFORM note_change(owners => ARRAY(
            SELECT unnest(ARRAY[o.owner_id, n.owner_id])
            FROM was o JOIN is_now n ON n.id = o.id WHERE o.owner_id <> n.owner_id
        ));
    END IF;
    RETURN NULL;
END $$;

-- The name that an app's permissions go by is its slug.
CREATE FUNCTION "note_apps_changed"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (SELECT FROM was o LEFT JOIN is_now n ON n.id = o.id WHERE n.slug IS DISTINCT FROM o.slug) THEN
        INSERT INTO changes (everything) VALUES (true);
    ELSE
        PERFORM note_change(owners => ARRAY(
            SELECT unnest(ARRAY[o.owner_id, n.owner_id])
            FROM was o JOIN is_now n ON n.id = o.id WHERE o.owner_id <> n.owner_id
        ));
    END IF;
    RETURN NULL;
END $$;

-- In another repository a workspace is another permission, too.
CREATE FUNCTION "note_workspaces_moved"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (SELECT FROM was o JOIN is_now n ON n.id = o.id WHERE n.repository_id <> o.repository_id) THEN
        INSERT INTO changes (everything) VALUES (true);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER "note_change_move" AFTER UPDATE ON "workspaces"
REFERENCING OLD TABLE AS was NEW TABLE AS is_now FOR EACH STATEMENT EXECUTE FUNCTION "note_workspaces_moved"();

DO $$
DECLARE
    item TEXT;
BEGIN
    FOREACH item IN ARRAY ARRAY['repositories', 'workspaces', 'apps'] LOOP
        EXECUTE format('CREATE TRIGGER note_change_insert AFTER INSERT ON %I
            REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_items()', item);
        EXECUTE format('CREATE TRIGGER note_change_delete AFTER DELETE ON %I
            REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_items()', item);
        EXECUTE format('CREATE TRIGGER note_change_update AFTER UPDATE ON %I
            REFERENCING OLD TABLE AS was NEW TABLE AS is_now FOR EACH STATEMENT EXECUTE FUNCTION %I()', item,
            CASE item WHEN 'apps' THEN 'note_apps_changed' ELSE 'note_items_changed' END);
    END LOOP;
END $$;

-- Also when a table is emptied at once, and also for writers that switch off triggers, such as replication.
DO $$
DECLARE
    watched TEXT;
    noting TEXT;
BEGIN
    FOREACH watched IN ARRAY ARRAY['tokens', 'grants', 'user_roles', 'roles', 'users', 'repositories', 'workspaces', 'apps'] LOOP
        EXECUTE format('CREATE TRIGGER note_change_truncate AFTER TRUNCATE ON %I EXECUTE FUNCTION note_everything()', watched);
        FOR noting IN SELECT tgname FROM pg_trigger WHERE tgrelid = watched::regclass AND tgname LIKE 'note_change%' LOOP
            EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER %I', watched, noting);
        END LOOP;
    END LOOP;
    ALTER TABLE changes ENABLE ALWAYS TRIGGER number_change;
END $$;
