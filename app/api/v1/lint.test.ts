import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test, vi } from "vitest";
import { GET } from "./openapi.json/route";

vi.setConfig({ testTimeout: 120_000 });

interface Report {
  totals: { errors: number; warnings: number; ignored: number };
  problems: { ruleId: string; message: string; location: unknown[] }[];
}

test("the API document has no fault that a linter finds, and the linter finds faults", async () => {
  const request = new Request("http://localhost:3000/api/v1/openapi.json");
  const document = await (await GET(request, { params: Promise.resolve({}) })).json();
  const { totals, problems } = await lint(document);
  expect(problems.map(({ ruleId, message }) => `${ruleId}: ${message}`)).toEqual([]);
  expect(totals).toEqual({ errors: 0, warnings: 0, ignored: 0 });

  const { tags, ...faulty } = document;
  expect((await lint(faulty)).totals.errors).toBeGreaterThan(0);
});

async function lint(document: unknown): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), "tessera-openapi-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, "openapi.json");
  await writeFile(file, JSON.stringify(document));
  const args = ["node_modules/@redocly/cli/bin/cli.js", "lint", file, "--config=redocly.yaml", "--format=json"];
  const env = { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };
  // It ends with 1 when it finds faults.
  const { stdout } = await promisify(execFile)(process.execPath, args, { env }).catch((error) => error);
  return JSON.parse(stdout);
}
