import type { z } from "zod";
import { sessionCookieName } from "../auth/origins";
import type { Route } from "../http/endpoint";
import { type Method, methods } from "../http/methods";
import type { BodyKind, Operation } from "../http/operation";
import { problemResponses, type Responses, responsesOf } from "./responses";
import { type JsonSchema, SchemaCollection } from "./schemas";

/** The exports of a route file: a {@link Route} per method, and others. */
export type RouteModule = Partial<Record<Method, unknown>>;

/** All routes by path in the notation of Next.js: `/api/v1/tokens/[id]`. */
export type RouteTable = Readonly<Record<string, RouteModule>>;

export interface DescribedParameter {
  name: string;
  in: "path" | "query" | "header";
  required: boolean;
  description?: string;
  schema: JsonSchema;
}

export interface DescribedOperation {
  operationId: string;
  summary: string;
  description: string;
  tags: string[];
  security: Record<string, string[]>[];
  parameters: DescribedParameter[];
  requestBody?: { required: boolean; content: Record<string, { schema: JsonSchema; example?: unknown }> };
  responses: Responses;
}

export interface ApiDocument {
  openapi: "3.1.0";
  info: {
    title: string;
    version: string;
    description: string;
    contact: { name: string };
    license: { name: string; identifier: string };
  };
  servers: { url: string }[];
  security: Record<string, string[]>[];
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, DescribedOperation>>;
  components: { schemas: Record<string, JsonSchema>; responses: Record<string, object>; securitySchemes: object };
}

export interface RouteOperation {
  path: string;
  method: Method;
  operation: Operation;
}

/** All operations of a table, in order. */
export function operationsOf(routes: RouteTable): RouteOperation[] {
  return Object.entries(routes).flatMap(([path, module]) =>
    methods.flatMap((method) => {
      const route = module[method];
      return isRoute(route) ? [{ path, method, operation: route.operation }] : [];
    }),
  );
}

const isRoute = (value: unknown): value is Route => typeof value === "function" && "operation" in value;

/** Generates the OpenAPI 3.1 document of a table of routes from the schemas that validate their input. `serverUrl` is
 * the public origin of this server, or `/`. */
export function describeApi(routes: RouteTable, serverUrl: string): ApiDocument {
  const schemas = new SchemaCollection();
  const paths: ApiDocument["paths"] = {};
  for (const { path, method, operation } of operationsOf(routes)) {
    const template = path.replaceAll(/\[(?:\.\.\.)?(\w+)\]/g, "{$1}");
    paths[template] = { ...paths[template], [method.toLowerCase()]: describeOperation(operation, template, schemas) };
  }
  const tags = [
    ...new Set(Object.values(paths).flatMap((methods) => Object.values(methods).flatMap(({ tags }) => tags))),
  ];
  return {
    openapi: "3.1.0",
    info: {
      title: "Tessera",
      version: "1",
      description: introduction,
      contact: { name: "The administrators of this server" },
      license: { name: "Apache License 2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: serverUrl }],
    security: [{ token: [] }, { session: [] }],
    tags: tags.map((name) => ({ name, description: tagDescriptions[name] ?? `${name}.` })),
    paths,
    components: {
      responses: problemResponses(schemas),
      schemas: schemas.components,
      securitySchemes: securitySchemes(),
    },
  };
}

const tagDescriptions: Readonly<Record<string, string>> = {
  Tokens: "API tokens and sessions of the user who asks.",
  Verification: "What other programs ask about a token.",
  Workspaces: "Data workspaces: publish, read, share and run them.",
  Apps: "Public pages that run a workspace.",
  Jobs: "Runs of workspaces, with their results and logs.",
  Repositories: "Collections of workspaces and data files.",
  Account: "The account of the user who asks.",
  Users: "All accounts, for administrators.",
  Roles: "Sets of permissions that users have.",
  Audit: "What was changed, by whom and when.",
  Permissions: "All permissions that there are.",
  "API document": "This document.",
};

const introduction =
  "Send a token as `Authorization: Bearer <value>`. Times are RFC 3339 in UTC. Lists return `items` and `nextCursor`; pass it " +
  "as `?cursor=` to get the next page. Errors are problem documents (RFC 9457) whose `detail` says what to do.";

function describeOperation(operation: Operation, path: string, schemas: SchemaCollection): DescribedOperation {
  const { summary, description, tags, open, permission } = operation;
  const sentences = [description, permission && `Requires the permission \`${permission}\`.`].filter(Boolean);
  return {
    operationId: camelCase(summary),
    summary,
    description: sentences.join(" ") || `${summary}.`,
    tags: [...(tags ?? [tagOf(path)])],
    security: open ? [] : securityOf(operation),
    parameters: [
      ...parametersOf(operation.params, "path", schemas),
      ...parametersOf(operation.query, "query", schemas),
      ...parametersOf(operation.headers, "header", schemas),
    ],
    ...requestBodyOf(operation, schemas),
    responses: responsesOf(operation, schemas),
  };
}

const securityOf = ({ allowUrlToken, clientSecret }: Operation): Record<string, string[]>[] => [
  { token: [] },
  { session: [] },
  ...(allowUrlToken ? [{ tokenInUrl: [] }] : []),
  ...(clientSecret ? [{ client: [] }] : []),
];

/** `Create a token` → `createToken`. */
const camelCase = (summary: string) =>
  summary
    .replaceAll(/\b(?:an?|the)\s/gi, "")
    .replaceAll(/[^\p{L}\p{N}]+(.)?/gu, (_, next: string | undefined) => next?.toUpperCase() ?? "")
    .replace(/^./, (first) => first.toLowerCase());

/** `/api/v1/token-changes/{id}` → `Token changes`. */
function tagOf(path: string): string {
  const name = (path.split("/")[3] ?? "").replaceAll("-", " ");
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function parametersOf(
  schema: z.ZodObject | undefined,
  place: DescribedParameter["in"],
  schemas: SchemaCollection,
): DescribedParameter[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemas.input(schema) as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...property }]) => ({
    name: place === "header" ? name.replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase()) : name,
    in: place,
    required: place === "path" || required.includes(name),
    ...(typeof description === "string" && { description }),
    schema: property,
  }));
}

function requestBodyOf(operation: Operation, schemas: SchemaCollection): Pick<DescribedOperation, "requestBody"> {
  const { body, bodyKind = "json", contentTypes, example, anyBody = false } = operation;
  if (!body && (bodyKind === "json" || bodyKind === "form")) return {};
  const json = body
    ? closed(schemas.input(body))
    : bodyKind === "bytes" || bodyKind === "stream"
      ? {}
      : { type: "string" };
  const medium = { schema: json, ...(example !== undefined && { example }) };
  const types = contentTypes ?? [mediaTypes[bodyKind]];
  const content = Object.fromEntries(types.map((type) => [type, medium]));
  return { requestBody: { required: !anyBody, content: anyBody ? { ...content, "*/*": { schema: {} } } : content } };
}

/** The door refuses unknown fields at the top level. */
const closed = (json: JsonSchema) => (json.type === "object" ? { additionalProperties: false, ...json } : json);

const mediaTypes: Record<BodyKind, string> = {
  json: "application/json",
  form: "application/x-www-form-urlencoded",
  text: "text/plain",
  bytes: "application/octet-stream",
  stream: "application/octet-stream",
};

function securitySchemes() {
  return {
    token: { type: "http", scheme: "bearer", description: "An API token." },
    session: { type: "apiKey", in: "cookie", name: sessionCookieName(), description: "A browser session." },
    client: { type: "http", scheme: "basic", description: "Any client id, with an API token as its secret." },
    tokenInUrl: {
      type: "apiKey",
      in: "query",
      name: "token",
      description: "An API token that is allowed as a URL parameter.",
    },
  };
}
