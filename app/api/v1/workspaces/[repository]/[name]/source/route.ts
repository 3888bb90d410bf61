import { endpoint } from "@/lib/http/endpoint";
import { fileAnswer } from "@/lib/http/file-answer";
import { otherMethods } from "@/lib/http/methods";
import { readSource } from "@/lib/workspaces/queries";
import { workspacePath } from "@/lib/workspaces/schema";

export const GET = endpoint(
  {
    summary: "Download a workspace",
    params: workspacePath,
    answers: { 200: { description: "The workspace file as it was published.", contentType: "application/sql" } },
  },
  async ({ who, params }) => {
    const bytes = Buffer.from(await readSource(who, params));
    return fileAnswer({
      chunks: (async function* () {
        yield bytes;
      })(),
      bytes: bytes.length,
      mediaType: "application/sql; charset=utf-8",
      fileName: `${params.name}.sql`,
      disposition: "attachment",
    });
  },
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ GET });
