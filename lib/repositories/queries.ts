import { z } from "zod";
import { db } from "../db";
import { forbidden, notFound } from "../errors";
import type { Prisma } from "../generated/prisma/client";
import { decodeCursor, encodeCursor, type Page, pageOf } from "../paging";
import { type Actor, demand } from "../permissions/actor";
import type { RepositoryAction } from "../permissions/catalog";
import { type ByteRange, readContent, readWholeContent, storedContentFields } from "./content";
import { canOf, mayOnRepository, maySeeRepository, visibleTo } from "./policy";
import type { FilePath, FileView, RepositoryView } from "./schema";

interface PageRequest {
  limit: number;
  cursor?: string | undefined;
}

/** Those on which the actor holds a permission, by name. Refuses `forbidden` without `repositories:access`. */
export async function listRepositories(who: Actor, { limit, cursor }: PageRequest): Promise<Page<RepositoryView>> {
  demand(who, "repositories:access");
  const rows = await db.repository.findMany({
    where: { AND: [visibleTo(who), afterName(cursor)] },
    orderBy: { sortName: "asc" },
    take: limit + 1,
    select: repositoryFields,
  });
  return pageOf(rows, limit, nameCursor, (row) => repositoryViewOf(who, row));
}

/** The names of the repositories in which the actor may publish, at most 1,000 in order. */
export async function listPublishable(who: Actor): Promise<string[]> {
  const rows = await db.repository.findMany({
    where: visibleTo(who),
    orderBy: { sortName: "asc" },
    take: publishableMax,
    select: { name: true },
  });
  return rows.map(({ name }) => name).filter((name) => mayOnRepository(who, name, "publish"));
}

const publishableMax = 1_000;

/** Refuses `not-found` without any permission on it; `forbidden` without `repository/…:read`. */
export async function getRepository(who: Actor, repository: string): Promise<RepositoryView> {
  const { id } = await repositoryFor(who, repository, "read");
  const row = await db.repository.findUnique({ where: { id }, select: repositoryFields });
  if (!row) throw notFound();
  return repositoryViewOf(who, row);
}

/** The data files of a repository, by name. Needs `repository/…:read`. */
export async function listFiles(who: Actor, repository: string, page: PageRequest): Promise<Page<FileView>> {
  const { id: repositoryId } = await repositoryFor(who, repository, "read");
  const rows = await db.repositoryFile.findMany({
    where: { repositoryId, ...afterName(page.cursor) },
    orderBy: { sortName: "asc" },
    take: page.limit + 1,
    select: fileFields,
  });
  return pageOf(rows, page.limit, nameCursor, fileViewOf);
}

/** A data file, and how to read it or a part of it. Needs `repository/…:download`. */
export async function readFile(
  who: Actor,
  path: FilePath,
): Promise<{ file: FileView; read(range?: ByteRange): AsyncGenerator<Uint8Array> }> {
  const { id: repositoryId } = await repositoryFor(who, path.repository, "download");
  const row = await db.repositoryFile.findUnique({
    where: { repositoryId_name: { repositoryId, name: path.file } },
    select: { ...fileFields, content: { select: storedContentFields } },
  });
  if (!row) throw notFound();
  const file = fileViewOf(row);
  const read = (range?: ByteRange) =>
    range ? readContent(row.content, file.size, range) : readWholeContent(row.content, file);
  return { file, read };
}

/** Refuses `not-found` when the actor holds no permission on it; `forbidden` with the missing permission. */
export async function repositoryFor(
  who: Actor,
  repository: string,
  action: RepositoryAction,
): Promise<{ id: string; ownerId: string }> {
  const row = await db.repository.findUnique({ where: { name: repository }, select: { id: true, ownerId: true } });
  if (!row || !maySeeRepository(who, repository)) throw notFound();
  if (!mayOnRepository(who, repository, action)) throw forbidden(`repository/${repository}:${action}`);
  return row;
}

export const repositoryFields = {
  name: true,
  description: true,
  createdAt: true,
  owner: { select: { userName: true } },
  _count: { select: { workspaces: true, files: true } },
} satisfies Prisma.RepositorySelect;

export function repositoryViewOf(
  who: Actor,
  row: Prisma.RepositoryGetPayload<{ select: typeof repositoryFields }>,
): RepositoryView {
  return {
    name: row.name,
    description: row.description,
    owner: row.owner.userName,
    createdAt: row.createdAt.toISOString(),
    workspaces: row._count.workspaces,
    files: row._count.files,
    can: canOf(who, row.name),
  };
}

export const fileFields = {
  name: true,
  size: true,
  sha256: true,
  createdAt: true,
} satisfies Prisma.RepositoryFileSelect;

export function fileViewOf(row: Prisma.RepositoryFileGetPayload<{ select: typeof fileFields }>): FileView {
  return { name: row.name, size: Number(row.size), sha256: row.sha256, createdAt: row.createdAt.toISOString() };
}

const nameCursor = ({ name }: { name: string }) => encodeCursor([name]);

function afterName(cursor: string | undefined) {
  if (cursor === undefined) return {};
  const [name] = decodeCursor(cursor, z.tuple([z.string()]));
  return { sortName: { gt: name } };
}
