import { uploadLimit } from "../repositories/upload-rows";

/** The headers of resumable uploads (draft-ietf-httpbis-resumable-upload, decision 1823). A header with another value than
 * the draft allows is ignored, as the draft says. */
export interface UploadFields {
  offset: number | null;
  complete: boolean | null;
  length: number | null;
}

export const partialUploadType = "application/partial-upload";

export function readUploadFields(headers: Headers): UploadFields {
  const complete = headers.get("upload-complete");
  return {
    offset: integerOf(headers.get("upload-offset")),
    complete: complete === "?1" ? true : complete === "?0" ? false : null,
    length: integerOf(headers.get("upload-length")),
  };
}

/** What an answer says about an upload. `offset` is how many bytes the server has. */
export function uploadHeadersOf({ offset, complete, length }: UploadFields): Record<string, string> {
  return {
    ...(complete !== null && { "Upload-Complete": complete ? "?1" : "?0" }),
    ...(offset !== null && { "Upload-Offset": String(offset) }),
    ...(length !== null && { "Upload-Length": String(length) }),
  };
}

/** What an answer to OPTIONS says about uploads. */
export const uploadOptions = () => ({ "Accept-Patch": partialUploadType, "Upload-Limit": uploadLimit() });

const integerOf = (text: string | null) => (text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null);
