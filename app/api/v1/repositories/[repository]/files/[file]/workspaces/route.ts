import { z } from "zod";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { filePath } from "@/lib/repositories/schema";
import { listMentions } from "@/lib/workspaces/mentions";
import { fileMention } from "@/lib/workspaces/schema";

export const GET = endpoint(
  {
    summary: "List the workspaces that name a data file",
    description:
      "The workspaces of its repository whose text contains its name, up to 100. Needs the permission to download them.",
    params: filePath,
    answers: { 200: z.object({ items: z.array(fileMention) }) },
  },
  async ({ who, params }) => ({ items: await listMentions(who, params) }),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ GET });
