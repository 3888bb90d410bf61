import type { Actor } from "../permissions/actor";
import { demandItemName } from "./commands";
import { ContentWriter } from "./content-writer";
import { repositoryFor } from "./queries";
import type { FilePath } from "./schema";
import {
  completeUpload,
  demandReplaceable,
  discardUpload,
  type FileBody,
  openUpload,
  type PutOutcome,
} from "./upload-rows";
import { withUploadSlot } from "./upload-slots";

/** Adds or replaces a data file, which is stored while it arrives. Refuses `forbidden` without `repository/…:publish`,
 * `too-large`, `precondition-failed`, `invalid`, and `too-many` at once. Whatever ends it early, nothing of it stays. */
export async function putFile(who: Actor, path: FilePath, given: FileBody | Uint8Array): Promise<PutOutcome> {
  const body: FileBody = given instanceof Uint8Array ? { chunks: [given] } : given;
  const { id: repositoryId } = await repositoryFor(who, path.repository, "publish");
  demandItemName(path.file, "file");
  await demandReplaceable({ repositoryId, name: path.file }, body);
  return withUploadSlot(who.userId, async () => {
    const upload = await openUpload(who, { repositoryId, name: path.file }, { ...body, resumable: false });
    try {
      const writer = await ContentWriter.open(upload);
      for await (const bytes of body.chunks) await writer.write(bytes);
      const sha256 = await writer.finish();
      const { length = null, sha256: expected = null, mayReplace } = body;
      const whole = { sha256, size: writer.received, expected, length, mayReplace };
      return await completeUpload((await body.confirm?.()) ?? who, path, upload, whole);
    } catch (error) {
      await discardUpload(upload);
      throw error;
    }
  });
}
