-- Every connection keeps the plan that these made for the first change it saw, most often one of a single row: a nested loop,
-- which takes minutes for the next one's 20,000. Any other join does well for both.
ALTER FUNCTION "note_tokens_changed"() SET enable_nestloop = off;
ALTER FUNCTION "note_users_changed"() SET enable_nestloop = off;
ALTER FUNCTION "note_items_changed"() SET enable_nestloop = off;
ALTER FUNCTION "note_apps_changed"() SET enable_nestloop = off;
ALTER FUNCTION "note_workspaces_moved"() SET enable_nestloop = off;
