import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { expect } from "vitest";
import { type ApiDocument, describeApi } from "@/lib/openapi/document";
import { everyRoute, findOperation } from "./operations";

const document: ApiDocument = JSON.parse(JSON.stringify(describeApi(everyRoute, "/")));
// As clients read the document: patterns without the u flag, and formats.
const ajv = new Ajv2020({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats.default(ajv);
ajv.addSchema({ $id: "api", ...document });

const pointerTo = (...parts: string[]) =>
  parts.map((part) => `/${encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"))}`).join("");

/** Checks the bytes of an answer against the API document alone: status, media type and JSON. */
export async function expectDocumentedAnswer(operation: string, response: Response): Promise<void> {
  const { path, method } = describedOperation(operation);
  const responses = document.paths[path]?.[method]?.responses ?? {};
  const key = String(response.status) in responses ? String(response.status) : "default";
  const described = responses[key];
  expect(described, `${operation} answers ${response.status}`).toBeDefined();
  const place =
    described && "$ref" in described
      ? described.$ref.slice(1).split("/").slice(1)
      : ["paths", path, method, "responses", key];
  await expectContent(`${operation} ${response.status}`, place, response);
}

async function expectContent(what: string, place: string[], response: Response): Promise<void> {
  const content = (valueAt(place) as { content?: Record<string, unknown> }).content;
  const type = response.headers.get("content-type")?.split(";", 1)[0] ?? "";
  const text = await response.text();
  if (!content) return expect(text, `${what} has no body`).toBe("");
  const medium = type in content ? type : "*/*";
  expect(Object.keys(content), `${what} is ${type}`).toContain(medium);
  if (/[/+]json$/.test(medium)) expectValid(what, [...place, "content", medium, "schema"], JSON.parse(text));
}

/** Checks that the API document allows a JSON body that the server takes. */
export function expectDocumentedBody(operation: string, body: unknown): void {
  const { path, method } = describedOperation(operation);
  const content = document.paths[path]?.[method]?.requestBody?.content ?? {};
  if (typeof body !== "object" || body instanceof Uint8Array || !("application/json" in content)) return;
  const place = ["paths", path, method, "requestBody", "content", "application/json", "schema"];
  expectValid(`the body of ${operation}`, place, JSON.parse(JSON.stringify(body)));
}

function expectValid(what: string, place: string[], value: unknown): void {
  const validate = ajv.compile({ $ref: `api#${pointerTo(...place)}` });
  expect(validate(value) ? [] : validate.errors, what).toEqual([]);
}

const valueAt = (place: string[]): unknown =>
  place.reduce<unknown>((value, part) => (value as Record<string, unknown>)[part], document);

function describedOperation(operation: string): { path: string; method: string } {
  const { path, method } = findOperation(operation);
  return { path: path.replaceAll(/\[(\w+)\]/g, "{$1}"), method: method.toLowerCase() };
}
