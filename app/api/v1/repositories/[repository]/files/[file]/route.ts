import { created, noContent } from "@/lib/http/answer";
import { endpoint } from "@/lib/http/endpoint";
import { fileAnswer } from "@/lib/http/file-answer";
import { otherMethods } from "@/lib/http/methods";
import { megabyte } from "@/lib/http/operation";
import { putFile, removeFile } from "@/lib/repositories/commands";
import { readFile } from "@/lib/repositories/queries";
import { filePath, fileView } from "@/lib/repositories/schema";

export const GET = endpoint(
  {
    summary: "Download a data file",
    params: filePath,
    answers: { 200: { description: "The file as it was uploaded.", contentType: "application/octet-stream" } },
  },
  async ({ who, params }) => {
    const { file, chunks } = await readFile(who, params);
    const mediaType = "application/octet-stream";
    return fileAnswer({ chunks, bytes: file.size, mediaType, fileName: file.name, disposition: "attachment" });
  },
);

export const PUT = endpoint(
  {
    summary: "Upload or replace a data file",
    description: "Running jobs keep using the previous file.",
    params: filePath,
    bodyKind: "bytes",
    bodyLimit: 20 * megabyte,
    answers: { 200: fileView, 201: fileView },
  },
  async ({ who, params, body }) => {
    const { file, created: isNew } = await putFile(who, params, body);
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
