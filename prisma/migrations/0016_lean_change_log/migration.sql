-- What the triggers of the change log take is part of every change of a token. Each of these is one statement whose plan is
-- kept: a function that calls another starts a statement for each call, and an array that is a parameter is planned again at
-- each call, because a kept plan counts any array as ten elements. The rules are those of 0003_change_log and 0009_many_at_once.

CREATE OR REPLACE FUNCTION "note_tokens_changed"() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT SET enable_nestloop = off AS $$
BEGIN
    INSERT INTO changes (token_ids)
    SELECT noted.ids FROM (
        SELECT array_agg(o.id) AS ids FROM was o LEFT JOIN is_now n ON n.id = o.id
        WHERE o.made_in <> pg_current_xact_id()
          AND (n.id IS NULL
            OR (o.enabled AND NOT n.enabled)
            OR n.expires_at < o.expires_at
            OR (o.in_url AND NOT n.in_url)
            OR (o.digest, o.owner_id, o.kind, o.name, o.all_permissions)
                IS DISTINCT FROM (n.digest, n.owner_id, n.kind, n.name, n.all_permissions))
    ) AS noted WHERE noted.ids IS NOT NULL;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION "note_tokens_removed"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO changes (token_ids)
    SELECT noted.ids FROM (SELECT array_agg(id) AS ids FROM was WHERE made_in <> pg_current_xact_id()) AS noted
    WHERE noted.ids IS NOT NULL;
    RETURN NULL;
END $$;

-- The tokens are compared with an array and not joined, so that the plan of the first change does well for the next one's
-- 20,000 grants, and the other way round.
CREATE OR REPLACE FUNCTION "note_grants"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO changes (token_ids, owner_ids, role_names)
    SELECT noted.* FROM (
        SELECT
            ARRAY(
                SELECT t.id FROM tokens t
                WHERE t.id = ANY (ARRAY(SELECT DISTINCT token_id FROM changed WHERE token_id IS NOT NULL))
                  AND t.made_in <> pg_current_xact_id()
            ) AS tokens,
            ARRAY(SELECT DISTINCT user_id FROM changed WHERE user_id IS NOT NULL) AS owners,
            ARRAY(SELECT DISTINCT role_name FROM changed WHERE role_name IS NOT NULL) AS roles
    ) AS noted
    WHERE cardinality(noted.tokens) + cardinality(noted.owners) + cardinality(noted.roles) > 0;
    RETURN NULL;
END $$;
