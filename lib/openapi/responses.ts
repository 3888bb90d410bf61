import { z } from "zod";
import type { Answer, Operation } from "../http/operation";
import type { JsonSchema, SchemaCollection } from "./schemas";

interface Described {
  description: string;
  content?: Record<string, { schema: JsonSchema }>;
}

/** By status; `default` is any refusal that is not listed. */
export type Responses = Record<string, Described | { $ref: string }>;

/** The answers of an operation: its own, and the refusals of the door. */
export function responsesOf(operation: Operation, schemas: SchemaCollection): Responses {
  const own = Object.entries(operation.answers).map(([status, answer]) => [
    status,
    responseOf(Number(status), answer, schemas),
  ]);
  return { ...Object.fromEntries(own), ...refusalsOf(operation) };
}

function responseOf(status: number, answer: Answer, schemas: SchemaCollection): Described {
  if (answer instanceof z.ZodType)
    return response(statusWords[status] ?? "OK.", "application/json", schemas.output(answer));
  const { description, schema, contentType } = answer;
  if (status >= 400) return response(description, "application/problem+json", schemas.output(problem));
  if (!schema && !contentType) return { description };
  return response(description, contentType ?? "application/json", schema ? schemas.output(schema) : {});
}

const response = (description: string, contentType: string, schema: JsonSchema): Described => ({
  description,
  content: { [contentType]: { schema } },
});

const statusWords: Record<number, string> = {
  200: "OK.",
  201: "Created.",
  202: "Accepted. The job runs in the background.",
  204: "OK.",
};

const problem = z
  .object({
    type: z.string().describe("A link that describes this kind of error."),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe("A sentence that says what to do."),
    field: z.string().optional().describe("The part of the request that is wrong, for example `parameters.STATE`."),
    line: z.int().optional().describe("The line of a workspace file that is wrong, from 1."),
  })
  .meta({ id: "Problem" });

function refusalsOf({ answers, open, params, body, bodyKind }: Operation): Responses {
  const statuses = [
    400,
    ...(open ? [] : [401, 403]),
    ...(params ? [404] : []),
    ...(body || bodyKind ? [413, 415] : []),
  ];
  const missing = statuses.filter((status) => !(status in answers));
  return Object.fromEntries([...missing, "default"].map((key) => [key, { $ref: `#/components/responses/${key}` }]));
}

/** The refusals that all operations share. */
export function problemResponses(schemas: SchemaCollection): Record<string, Described> {
  const schema = schemas.output(problem);
  return Object.fromEntries(
    Object.entries(refusals).map(([key, description]) => [
      key,
      { description, content: { "application/problem+json": { schema } } },
    ]),
  );
}

const refusals = {
  400: "Invalid request. `field` names what is wrong.",
  401: "No token, or a token that is invalid, expired or disabled.",
  403: "Permission denied. `permission` names what is missing.",
  404: "Not found, or you don't have access.",
  413: "The body is too large.",
  415: "Unsupported content type.",
  default: "Any other error.",
};
