import type { Actor } from "../permissions/actor";
import { ContentWriter } from "./content-writer";
import type { FilePath } from "./schema";
import { completeUpload, discardUpload, type FileBody, type PutOutcome, withNewUpload } from "./upload-rows";

/** Adds or replaces a data file, which is stored while it arrives. Refuses `forbidden` without `repository/…:publish`,
 * `too-large`, `precondition-failed`, `invalid`, and `too-many` at once. Whatever ends it early, nothing of it stays. */
export async function putFile(who: Actor, path: FilePath, given: FileBody | Uint8Array): Promise<PutOutcome> {
  const body: FileBody = given instanceof Uint8Array ? { chunks: [given] } : given;
  return withNewUpload(who, path, { ...body, resumable: false }, async (upload) => {
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
