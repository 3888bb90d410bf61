import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { listOf, pageQuery } from "@/lib/paging";
import { listFiles } from "@/lib/repositories/queries";
import { fileView, repositoryPath } from "@/lib/repositories/schema";

export const GET = endpoint(
  {
    summary: "List the data files of a repository",
    params: repositoryPath,
    query: pageQuery,
    answers: { 200: listOf(fileView) },
  },
  ({ who, params, query }) => listFiles(who, params.repository, query),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ GET });
