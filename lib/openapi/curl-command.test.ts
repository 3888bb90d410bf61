import { expect, test } from "vitest";
import { routes } from "@/app/api/v1/routes";
import { curlCommand } from "./curl-command";
import { describeApi } from "./document";

const { paths } = describeApi(routes, "/");

function commandFor(method: string, path: string): string {
  const operation = paths[path]?.[method];
  if (!operation) throw new Error(`There is no ${method} ${path}.`);
  return curlCommand("http://localhost:3000", method, path, operation);
}

test("reading takes an address and a token", () => {
  expect(commandFor("get", "/api/v1/tokens")).toBe(
    'curl "http://localhost:3000/api/v1/tokens" \\\n  -H "Authorization: Bearer $TESSERA_TOKEN"',
  );
});

test("names are examples where there are some, and variables of the shell where there are none", () => {
  expect(commandFor("get", "/api/v1/workspaces/{repository}/{name}")).toContain(
    '/workspaces/Samples/nearby-earthquakes"',
  );
  expect(commandFor("get", "/api/v1/users/{userName}")).toContain('/users/$USER_NAME"');
});

test("what is sent is a body that is taken", () => {
  expect(commandFor("post", "/api/v1/repositories").split(" \\\n  ")).toEqual([
    'curl -X POST "http://localhost:3000/api/v1/repositories"',
    '-H "Authorization: Bearer $TESSERA_TOKEN"',
    '-H "Content-Type: application/json"',
    `-d '{"name":"Rivers","description":"Gauges of our rivers."}'`,
  ]);
});

test("a file is sent as it is", () => {
  expect(commandFor("put", "/api/v1/repositories/{repository}/files/{file}")).toMatch(/--data-binary @FILE$/);
});
