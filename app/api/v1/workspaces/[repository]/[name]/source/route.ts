import { endpoint } from "@/lib/http/endpoint";
import { fileAnswer } from "@/lib/http/file-answer";
import { otherMethods } from "@/lib/http/methods";
import { readSource, sha256Of } from "@/lib/workspaces/queries";
import { workspacePath } from "@/lib/workspaces/schema";

export const GET = endpoint(
  {
    summary: "Download a workspace",
    description: "Send its ETag as If-Match to replace this text and no other.",
    params: workspacePath,
    answers: { 200: { description: "The workspace file as it was published.", contentType: "application/sql" } },
  },
  async ({ who, params }) => {
    const source = await readSource(who, params);
    const bytes = Buffer.from(source);
    return fileAnswer({
      chunks: (async function* () {
        yield bytes;
      })(),
      bytes: bytes.length,
      mediaType: "application/sql; charset=utf-8",
      fileName: `${params.name}.sql`,
      disposition: "attachment",
      headers: { ETag: `"${sha256Of(source)}"` },
    });
  },
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ GET });
