import { db } from "../db";
import { Prisma } from "../generated/prisma/client";
import { type Actor, reachableItems } from "../permissions/actor";

interface Subject {
  type: string;
  id: string;
}

/** What URLs call the subjects now, in their order: `ada`, `Samples/nearby-earthquakes`. Null for one that was removed or
 * that the actor may not see. The actor has `users:manage`, so accounts and roles are not checked. */
export async function currentNamesOf(who: Actor, subjects: readonly Subject[]): Promise<(string | null)[]> {
  if (subjects.length === 0) return [];
  const found = await db.$queryRaw<{ type: string; id: string; name: string }[]>(Prisma.sql`
    WITH subject AS (
      SELECT type, id, CASE WHEN id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN id::uuid END AS uuid
      FROM jsonb_to_recordset(${JSON.stringify(subjects)}::jsonb) AS s (type text, id text)
    )
    SELECT type, s.id, u.user_name AS name FROM subject AS s JOIN users AS u ON type = 'user' AND u.id = uuid
    UNION SELECT type, s.id, r.name FROM subject AS s JOIN roles AS r ON type = 'role' AND r.name = s.id
    UNION SELECT type, s.id, r.name FROM subject AS s JOIN repositories AS r ON type = 'repository' AND r.id = uuid
    UNION SELECT type, s.id, r.name || '/' || w.name FROM subject AS s JOIN workspaces AS w ON type = 'workspace' AND w.id = uuid
      JOIN repositories AS r ON r.id = w.repository_id
    UNION SELECT type, s.id, a.slug FROM subject AS s JOIN apps AS a ON type = 'app' AND a.id = uuid`);
  const maySee = visibility(who);
  const names = new Map(
    found.filter(({ type, name }) => maySee(type, name)).map(({ type, id, name }) => [keyOf({ type, id }), name]),
  );
  return subjects.map((subject) => names.get(keyOf(subject)) ?? null);
}

const keyOf = ({ type, id }: Subject) => `${type} ${id}`;

function visibility(who: Actor): (type: string, name: string) => boolean {
  const reachable = reachableItems(who);
  if (reachable === "all") return () => true;
  const repositories = new Set(reachable.repositories);
  const workspaces = new Set(reachable.workspaces);
  const apps = new Set(reachable.apps);
  return (type, name) => {
    if (type === "repository") return repositories.has(name);
    if (type === "workspace") return workspaces.has(name) || repositories.has(name.split("/", 1)[0] ?? "");
    return type === "app" ? apps.has(name) : true;
  };
}
