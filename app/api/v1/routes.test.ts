import { readdirSync } from "node:fs";
import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, test } from "vitest";
import { methods } from "@/lib/http/methods";
import { type ApiDocument, operationsOf, type RouteModule } from "@/lib/openapi/document";
import { GET } from "./openapi.json/route";
import { routes } from "./routes";

const files = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" })
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => file.endsWith("/route.ts"));
const paths = files.map((file) => `/api/v1/${file.replace(/\/route\.ts$/, "")}`);

const importRoute = (file: string): Promise<RouteModule> => import(/* @vite-ignore */ `${import.meta.dirname}/${file}`);

async function apiDocument(): Promise<ApiDocument> {
  const response = await GET(new Request("http://localhost:3000/api/v1/openapi.json"), { params: Promise.resolve({}) });
  return response.json();
}

describe("the API document", () => {
  test("tells every route", async () => {
    const document = await apiDocument();
    const templates = paths.map((path) => path.replaceAll(/\[(?:\.\.\.)?(\w+)\]/g, "{$1}"));
    expect(Object.keys(document.paths).toSorted()).toEqual(templates.toSorted());
  });

  test("is valid OpenAPI 3.1", async () => {
    const { valid, errors } = await new Validator().validate({ ...(await apiDocument()) });
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
  });

  test("refers only to what is in it, names each operation once, and each part of a path", async () => {
    const document = await apiDocument();
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/(\w+)"/g)];
    for (const [, group = "", name = ""] of references) {
      expect(Object.keys(document.components[group as "schemas"]), name).toContain(name);
    }
    const operations = Object.entries(document.paths).flatMap(([path, byMethod]) =>
      Object.values(byMethod).map((operation) => ({ path, ...operation })),
    );
    const ids = operations.map(({ operationId }) => operationId);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    for (const { path, parameters } of operations) {
      const inPath = parameters.filter((parameter) => parameter.in === "path").map(({ name }) => name);
      expect(inPath.toSorted(), path).toEqual([...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).toSorted());
    }
  });
});

test.each(files)("%s answers every method, with the door's own words", async (file) => {
  const route = await importRoute(file);
  const expected = methods.filter((method) => method !== "HEAD" || !("GET" in route));
  expect(Object.keys(route)).toEqual(expect.arrayContaining(expected));
});

test("the table of routes imports the files it says", async () => {
  for (const [path, module] of Object.entries(routes)) {
    expect(await importRoute(`${path.slice("/api/v1/".length)}/route.ts`), path).toBe(module);
  }
});

test.each(
  operationsOf(routes)
    .filter(({ operation }) => operation.body)
    .map(({ method, path, operation }) => [`${method} ${path}`, operation] as const),
)("the example of %s is one that it takes", (_, { body, example }) => {
  expect(body?.safeParse(example).error).toBeUndefined();
});
