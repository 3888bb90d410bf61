import { chmod, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A new folder for TESSERA_DATA_DIR. Where root runs the tests, the engine's account must be able to pass through. */
export async function makeDataFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tessera-data-"));
  await chmod(folder, 0o711);
  return folder;
}
