import { invalid } from "@/lib/errors";
import { created, noContent } from "@/lib/http/answer";
import { announcedSha256, sha256Digest } from "@/lib/http/digests";
import { endpoint } from "@/lib/http/endpoint";
import { download, storedFileAnswer } from "@/lib/http/file-answer";
import { otherMethods } from "@/lib/http/methods";
import { isConditionMet } from "@/lib/http/ranges";
import { readUploadFields, uploadHeadersOf, uploadOptions } from "@/lib/http/upload-headers";
import { removeFile } from "@/lib/repositories/commands";
import { putFile } from "@/lib/repositories/put-file";
import { readFile } from "@/lib/repositories/queries";
import { conditionHeaders, filePath, fileUrlOf, fileView, uploadHeaders } from "@/lib/repositories/schema";
import { fileBytesMax, uploadLimit } from "@/lib/repositories/upload-rows";
import { createUpload } from "@/lib/repositories/uploads";

const tagOf = (sha256: string) => `"${sha256}"`;

const conditionOf = (headers: Headers) => (present: string | null) =>
  isConditionMet(headers, present === null ? null : tagOf(present));

const otherFile = { description: "The present file does not meet If-Match or If-None-Match." };

export const GET = endpoint(
  {
    summary: "Download a data file",
    description: "ETag and Repr-Digest are the SHA-256 of the file.",
    params: filePath,
    ...download("file", "The file as it was uploaded.", "application/octet-stream"),
  },
  async ({ who, params, request }) => {
    const { file, read } = await readFile(who, params);
    return storedFileAnswer(request, {
      read,
      bytes: file.size,
      tag: tagOf(file.sha256),
      mediaType: "application/octet-stream",
      fileName: file.name,
      disposition: "attachment",
      headers: { "Repr-Digest": sha256Digest(file.sha256) },
    });
  },
);

export const PUT = endpoint(
  {
    summary: "Upload or replace a data file",
    description:
      "Running jobs keep using the previous file. With `Upload-Complete: ?0`, the body is the first part, which may be empty, and the answer's Location is an upload that takes the others.",
    params: filePath,
    headers: uploadHeaders,
    bodyKind: "stream",
    bodyLimit: fileBytesMax,
    answers: { 200: fileView, 201: fileView, 412: otherFile },
  },
  async ({ who, params, body, request }) => {
    // A part that is sent in this way must not become the whole file (RFC 9110, section 14.5).
    if (request.headers.has("content-range")) {
      throw invalid("content-range", "Send the whole file, or its parts as a resumable upload.");
    }
    const { complete, length } = readUploadFields(request.headers);
    const condition = { mayReplace: conditionOf(request.headers) };
    if (complete === false) {
      const sha256 = announcedSha256(request.headers, ["repr-digest"]);
      const { id, received } = await createUpload(who, params, { ...body, ...condition, length, sha256 });
      const headers = { ...uploadHeadersOf({ offset: received, complete, length }), "Upload-Limit": uploadLimit() };
      return new Response(null, { status: 201, headers: { ...headers, Location: `/api/v1/uploads/${id}` } });
    }
    const sha256 = announcedSha256(request.headers, ["repr-digest", "content-digest"]);
    const { file, created: isNew } = await putFile(who, params, { ...body, ...condition, length, sha256 });
    return isNew ? created(file, fileUrlOf(params)) : file;
  },
);

export const DELETE = endpoint(
  {
    summary: "Remove a data file",
    params: filePath,
    headers: conditionHeaders,
    answers: { 204: { description: "Removed." }, 412: otherFile },
  },
  async ({ who, params, request }) => {
    await removeFile(who, params, conditionOf(request.headers));
    return noContent();
  },
);

export const { POST, PATCH, OPTIONS } = otherMethods({ GET, PUT, DELETE }, uploadOptions);
