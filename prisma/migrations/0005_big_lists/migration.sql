-- A page of a person's tokens, by each of its orders and in both directions, is a walk along one of these. What tells the tables
-- and filters apart lies in the index too, so that those of the other table are passed by without looking at them.
DROP INDEX "tokens_owner_id_kind_name_id_idx", "tokens_owner_id_kind_created_at_id_idx", "tokens_owner_id_kind_expires_at_id_idx";

CREATE INDEX "tokens_by_name" ON "tokens" ("owner_id", "kind", "name", "id") INCLUDE ("expires_at", "enabled");
CREATE INDEX "tokens_by_creation" ON "tokens" ("owner_id", "kind", "created_at", "id") INCLUDE ("expires_at", "enabled");
CREATE INDEX "tokens_by_expiration" ON "tokens" ("owner_id", "kind", "expires_at", "id") INCLUDE ("enabled");
-- Never used counts as used before everything else.
CREATE INDEX "tokens_by_last_use" ON "tokens" ("owner_id", "kind", "last_used_at" NULLS FIRST, "id") INCLUDE ("expires_at", "enabled");

-- Search: part of the text, among one owner's tokens. Both extensions come with PostgreSQL and may be made by whoever may make
-- tables; where a host does not have them, search reads the tokens of the owner one by one, and answers the same.
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE EXTENSION IF NOT EXISTS btree_gin;
    CREATE INDEX "tokens_by_text" ON "tokens"
        USING gin ("owner_id", "name" gin_trgm_ops, "description" gin_trgm_ops, "last_four" gin_trgm_ops);
EXCEPTION WHEN feature_not_supported OR undefined_file OR insufficient_privilege OR undefined_object THEN
    RAISE NOTICE 'No index for search: %', SQLERRM;
END $$;
