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
    return response(statusWords[status] ?? "Done.", "application/json", schemas.output(answer));
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
  200: "Done.",
  201: "Made.",
  202: "Accepted: it will be done.",
  204: "Done.",
};

const problem = z
  .object({
    type: z.string().describe("Where this kind of problem is explained."),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe("A sentence that says what to do."),
    field: z.string().optional().describe("What is wrong in the request, as it was written there: `parameters.STATE`."),
  })
  .meta({ id: "Problem" });

/** The refusals of the door, and `default` for those of the handler. */
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
  400: "The input is not valid; `field` says where.",
  401: "No token, or one that is not valid, has expired or is disabled.",
  403: "Not permitted; `permission` says what is missing.",
  404: "Not there, or not for you to see.",
  413: "The body is too large.",
  415: "The body has another content type than this takes.",
  default: "Any other refusal.",
};
