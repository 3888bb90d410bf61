import { db } from "../db";
import { notFound } from "../errors";
import type { Actor } from "../permissions/actor";
import { repositoryFor } from "../repositories/queries";
import type { FilePath } from "../repositories/schema";
import { patternOf } from "../search";
import type { FileMention } from "./schema";

const mentionsMax = 100;

/** The workspaces whose text contains the name of a data file of their repository, by name, up to 100. A workspace that
 * reads it by a pattern is not among them. Needs `repository/…:download`, since the answers tell what the texts contain.
 * Refuses `not-found`. */
export async function listMentions(who: Actor, { repository, file }: FilePath): Promise<FileMention[]> {
  const { id } = await repositoryFor(who, repository, "download");
  const key = { repositoryId_name: { repositoryId: id, name: file } };
  if (!(await db.repositoryFile.findUnique({ where: key, select: { name: true } }))) throw notFound();
  return db.$queryRaw<FileMention[]>`
    SELECT name, title FROM workspaces
    WHERE repository_id = ${id}::uuid AND source LIKE ${patternOf(file)}
    ORDER BY sort_name LIMIT ${mentionsMax}::int`;
}
