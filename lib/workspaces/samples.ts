import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Tx } from "../db";
import { storeContent } from "../repositories/content";
import { parseWorkspaceFile } from "./file";

const folder = "prisma/samples/Samples";

/** Creates the repository Samples with data files and three workspaces. What exists already is not changed. */
export async function publishSamples(tx: Tx, ownerId: string): Promise<void> {
  const description = "Sample workspaces with real data.";
  const { id: repositoryId } = await tx.repository.upsert({
    where: { name: "Samples" },
    create: { name: "Samples", description, ownerId },
    update: {},
    select: { id: true },
  });
  for (const name of (await readdir(folder)).sort()) {
    const bytes = new Uint8Array(await readFile(join(folder, name)));
    if (name.endsWith(".sql")) {
      const source = new TextDecoder().decode(bytes);
      const row = { ...parseWorkspaceFile(source), source, repositoryId, ownerId, name: name.slice(0, -".sql".length) };
      await tx.workspace.createMany({ data: [row], skipDuplicates: true });
    } else {
      const row = { repositoryId, name, size: bytes.length, sha256: await storeContent(tx, bytes) };
      await tx.repositoryFile.createMany({ data: [row], skipDuplicates: true });
    }
  }
}
