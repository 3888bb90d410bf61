import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { DemoClient } from "@/scripts/demo-client";
import { runBounded } from "@/testing/bounded";
import { type TestedServer, testedServer } from "@/testing/tested-server";

// The production build is packaged, and the package runs in a folder above which there are no packages.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 600_000 });

let folder: string;
let packaged: string;
let printed: string;
let server: TestedServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tessera-package-"));
  packaged = join(folder, "tessera");
  ({ output: printed } = await makePackage(packaged));
  server = await testedServer(packaged);
});
afterAll(async () => {
  await server?.stop();
  await server?.discard();
  await rm(folder, { recursive: true, force: true });
});

const makePackage = (target: string) =>
  runBounded(["lib/server/bootstrap.mjs", "package", target], { minutes: 8, env: { NODE_ENV: "test" } });

test("a package has at most 300 MB and no development tool", async () => {
  expect(Number(/ (\d+) MB in /.exec(printed)?.[1])).toBeLessThanOrEqual(300);
  const present = await readdir(join(packaged, "node_modules"));
  for (const tool of ["typescript", "esbuild", "tsx", "prisma", "tailwindcss", "vitest", "@playwright", "@biomejs"])
    expect(present).not.toContain(tool);
  expect(await readdir(packaged)).not.toContain("app");
  expect(await readdir(join(packaged, ".next"))).not.toContain("cache");
});

test("its server shows pages with their styles, creates a token and runs a workspace with it", async () => {
  const { BASE_URL: origin = "", TESSERA_ADMIN_PASSWORD: password = "" } = server.environment;
  const admin = new DemoClient(origin);
  await admin.signIn("admin", password);
  const page = await (await admin.get("/settings/tokens")).text();
  expect(page).toContain("Manage Tokens");
  const assets = [...page.matchAll(/(?:href|src)="(\/_next\/static\/[^"]+\.(?:css|js))"/g)].map(([, url]) => url ?? "");
  expect(assets.length).toBeGreaterThan(2);
  for (const url of assets) expect((await fetch(origin + url)).status, url).toBe(200);

  const created = await admin.post("/api/v1/tokens", {
    name: "packaged",
    expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
    permissions: ["workspace/Samples/airports-by-state:run"],
  });
  const { value } = await created.json();
  const run = await new DemoClient(origin, value).post("/api/v1/workspaces/Samples/airports-by-state/runs", {
    parameters: { STATE: "AK" },
  });
  expect(run.status).toBe(200);
  expect((await run.text()).length).toBeGreaterThan(100);
});

test("a folder that is in use or inside of the project is refused in one line", async () => {
  for (const [target, reason] of [
    [packaged, "is not empty"],
    [join(process.cwd(), "package"), "Choose a folder outside of this one"],
  ] as const) {
    const { code, output } = await makePackage(target);
    expect(code).toBe(1);
    expect(output).toContain(reason);
  }
});
