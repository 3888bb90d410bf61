import { z } from "zod";
import { env } from "@/lib/env";
import { endpoint, type Route } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { describeApi } from "@/lib/openapi/document";
import { routes } from "../routes";

export const GET: Route = endpoint(
  {
    summary: "Get the OpenAPI document",
    description: "OpenAPI 3.1. Public.",
    tags: ["API document"],
    open: true,
    answers: { 200: z.looseObject({ openapi: z.string() }) },
  },
  () => describeApi({ ...routes, "/api/v1/openapi.json": { GET } }, env().baseUrl ?? "/"),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ GET });
