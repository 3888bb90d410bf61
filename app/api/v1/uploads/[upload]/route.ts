import { invalid } from "@/lib/errors";
import { noContent } from "@/lib/http/answer";
import { announcedSha256 } from "@/lib/http/digests";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { partialUploadType, readUploadFields, uploadHeadersOf, uploadOptions } from "@/lib/http/upload-headers";
import { appendHeaders, fileUrlOf, fileView, uploadPath } from "@/lib/repositories/schema";
import { fileBytesMax, uploadLimit } from "@/lib/repositories/upload-rows";
import { appendToUpload, cancelUpload, findUpload } from "@/lib/repositories/uploads";

export const GET = endpoint(
  {
    summary: "Get the offset of an upload",
    description:
      "Ask with HEAD. Upload-Offset is where the next part begins, Upload-Complete says whether the file is complete. A request that still sends a part is stopped.",
    params: uploadPath,
    answers: { 204: { description: "The answer is in the headers." } },
  },
  async ({ who, params }) => {
    const { received: offset, length, completed: complete } = await findUpload(who, params.upload);
    const headers = { ...uploadHeadersOf({ offset, complete, length }), "Upload-Limit": uploadLimit() };
    return new Response(null, { status: 204, headers });
  },
);

export const PATCH = endpoint(
  {
    summary: "Append a part to an upload",
    description:
      "The last part is answered like an upload in one request. An unfinished upload is removed a day after its last part.",
    params: uploadPath,
    headers: appendHeaders,
    bodyKind: "stream",
    bodyLimit: fileBytesMax,
    contentTypes: [partialUploadType],
    answers: {
      200: fileView,
      201: fileView,
      204: { description: "Appended. Upload-Offset is where the next part begins." },
    },
  },
  async ({ who, params, body, request }) => {
    const { offset, complete, length: announced } = readUploadFields(request.headers);
    if (offset === null) throw invalid("upload-offset", "Say in Upload-Offset how many bytes precede this part.");
    if (complete === null) throw invalid("upload-complete", "Say in Upload-Complete whether this is the last part.");
    const sha256 = announcedSha256(request.headers, ["repr-digest"]);
    const rest = complete && body.length !== null ? offset + body.length : null;
    if (announced !== null && rest !== null && announced !== rest)
      throw invalid("upload-length", "Upload-Length differs from Upload-Offset plus Content-Length.");
    const part = { ...body, offset, complete, length: announced ?? rest, sha256 };
    const outcome = await appendToUpload(who, params.upload, part);
    if ("received" in outcome) {
      const { received, length } = outcome;
      return new Response(null, { status: 204, headers: uploadHeadersOf({ offset: received, complete, length }) });
    }
    const { file, path, created } = outcome;
    const headers = { "Upload-Complete": "?1", ...(created && { Location: fileUrlOf(path) }) };
    return Response.json(file, { status: created ? 201 : 200, headers });
  },
);

export const DELETE = endpoint(
  { summary: "Cancel an upload", params: uploadPath, answers: { 204: { description: "Cancelled." } } },
  async ({ who, params }) => {
    await cancelUpload(who, params.upload);
    return noContent();
  },
);

export const { POST, PUT, OPTIONS } = otherMethods({ GET, PATCH, DELETE }, uploadOptions);
