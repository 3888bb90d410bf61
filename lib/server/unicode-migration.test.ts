import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { db, pool } from "@/lib/db";

const migration = "prisma/migrations/0012_unicode/migration.sql";
const sortedTables = ["tokens", "users", "roles", "repositories", "repository_files", "workspaces", "apps"];

/** Takes the database back to before the migration. */
async function revert(): Promise<void> {
  for (const table of sortedTables) await pool().query(`ALTER TABLE ${table} DROP COLUMN sort_name`);
  await pool().query(`
    DROP COLLATION natural_order;
    CREATE INDEX tokens_by_name ON tokens (owner_id, kind, name, id) INCLUDE (expires_at, enabled);
    CREATE INDEX apps_owner_id_name_id_idx ON apps (owner_id, name, id)`);
}

test("names and texts of existing servers are normalised, with a number where the name is taken", async () => {
  const { id: ownerId } = await db.user.create({
    data: { userName: "ada", fullName: "A\u0301da" },
    select: { id: true },
  });
  const header = { title: "u\u0308ber", output: "json", parameters: [], source: "", ownerId };
  const angstrom = "\u212Bngstro\u0308m";
  const normal = angstrom.normalize();
  for (const name of [angstrom, normal]) {
    const data = { name, description: "u\u0308", ownerId };
    const { id: repositoryId } = await db.repository.create({ data, select: { id: true } });
    const { id: workspaceId } = await db.workspace.create({
      data: { ...header, name: angstrom, repositoryId },
      select: { id: true },
    });
    const files = [angstrom, `${angstrom}.csv`, `${normal}.csv`, `${normal}-2.csv`, "plain.csv"];
    const sha256 = "0".repeat(64);
    await db.content.createMany({ data: [{ id: "one", sha256, chunkBytes: 1 }], skipDuplicates: true });
    await db.repositoryFile.createMany({ data: files.map((file) => ({ repositoryId, name: file, size: 1, sha256 })) });
    const slug = name === normal ? "second" : "first";
    const app = {
      slug,
      name: "App",
      repositoryName: name,
      workspaceName: angstrom,
      parameters: [],
      createdAt: new Date(),
    };
    await db.app.create({ data: { ...app, ownerId, workspaceId }, select: { id: true } });
  }
  await revert();
  await pool().query(await readFile(migration, "utf8"));

  const repositories = await db.repository.findMany({
    orderBy: { createdAt: "asc" },
    select: {
      name: true,
      description: true,
      workspaces: {
        select: { name: true, title: true, apps: { select: { repositoryName: true, workspaceName: true } } },
      },
      files: { select: { name: true }, orderBy: { sortName: "asc" } },
    },
  });
  const workspaceOf = (repositoryName: string) => ({
    name: normal,
    title: "\u00FCber",
    apps: [{ repositoryName, workspaceName: normal }],
  });
  const files = [normal, `${normal}-2.csv`, `${normal}-3.csv`, `${normal}.csv`, "plain.csv"].map((name) => ({ name }));
  expect(repositories.map(({ name }) => name)).toEqual([`${normal}-2`, normal]);
  for (const { name, description, workspaces, files: found } of repositories) {
    expect({ description, workspaces }).toEqual({ description: "\u00FC", workspaces: [workspaceOf(name)] });
    expect(found).toEqual(files);
  }
  expect(await db.user.findFirst({ select: { fullName: true } })).toEqual({ fullName: "\u00C1da" });
});
