import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { copyToSharedFolder } from "./postgres-programs";

test.skipIf(process.platform === "win32")(
  "a copy of the programs may be run by every account, and what else is in the shared folder keeps its modes",
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "tessera-programs-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const native = join(folder, "package/native");
    await write(join(native, "bin/postgres"), 0o700);
    await write(join(native, "../package.json"), 0o600);
    const shared = join(folder, "shared");
    const kept = { "data/PG_VERSION": 0o600, "jobs/1/7/files/rivers.csv": 0o600, "postgres-0/bin/postgres": 0o711 };
    for (const [path, mode] of Object.entries(kept)) await write(join(shared, path), mode);
    for (const path of ["data", "jobs/1/7", "jobs/1/7/files"]) await chmod(join(shared, path), 0o700);
    await chmod(shared, 0o711);

    const copy = await copyToSharedFolder(native, shared);

    expect(await modeOf(join(copy, "bin/postgres"))).toBe(0o755);
    expect(await modeOf(join(copy, "bin"))).toBe(0o755);
    expect(await modeOf(shared)).toBe(0o755);
    for (const [path, mode] of Object.entries(kept)) expect(await modeOf(join(shared, path)), path).toBe(mode);
    for (const path of ["data", "jobs/1/7", "jobs/1/7/files"]) {
      expect(await modeOf(join(shared, path)), path).toBe(0o700);
    }
  },
);

async function write(path: string, mode: number): Promise<void> {
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, "");
  await chmod(path, mode);
}

const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;
