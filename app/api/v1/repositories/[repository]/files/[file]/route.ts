import { created, noContent } from "@/lib/http/answer";
import { announcedSha256, sha256Digest } from "@/lib/http/digests";
import { endpoint } from "@/lib/http/endpoint";
import { storedFileAnswer } from "@/lib/http/file-answer";
import { otherMethods } from "@/lib/http/methods";
import { removeFile } from "@/lib/repositories/commands";
import { putFile } from "@/lib/repositories/put-file";
import { readFile } from "@/lib/repositories/queries";
import { downloadHeaders, filePath, fileView, uploadHeaders } from "@/lib/repositories/schema";
import { fileBytesMax } from "@/lib/repositories/upload-rows";

export const GET = endpoint(
  {
    summary: "Download a data file",
    description: "ETag and Repr-Digest are the SHA-256 of the file.",
    params: filePath,
    headers: downloadHeaders,
    answers: {
      200: { description: "The file as it was uploaded.", contentType: "application/octet-stream" },
      206: { description: "The part that Range asks for.", contentType: "application/octet-stream" },
      304: { description: "The file is the one that If-None-Match names." },
      416: { description: "The file has no such range." },
    },
  },
  async ({ who, params, request }) => {
    const { file, read } = await readFile(who, params);
    return storedFileAnswer(request, {
      read,
      bytes: file.size,
      tag: `"${file.sha256}"`,
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
    description: "Running jobs keep using the previous file.",
    params: filePath,
    headers: uploadHeaders,
    bodyKind: "stream",
    bodyLimit: fileBytesMax,
    answers: { 200: fileView, 201: fileView },
  },
  async ({ who, params, body, request }) => {
    const sha256 = announcedSha256(request.headers, ["repr-digest", "content-digest"]);
    const { file, created: isNew } = await putFile(who, params, { ...body, sha256 });
    const [repository, name] = [params.repository, file.name].map(encodeURIComponent);
    return isNew ? created(file, `/api/v1/repositories/${repository}/files/${name}`) : file;
  },
);

export const DELETE = endpoint(
  { summary: "Remove a data file", params: filePath, answers: { 204: { description: "Removed." } } },
  async ({ who, params }) => {
    await removeFile(who, params);
    return noContent();
  },
);

export const { POST, PATCH, OPTIONS } = otherMethods({ GET, PUT, DELETE });
