import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { endGroup, startGroup, waitForEnd } from "@/testing/bounded";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tessera-build-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, "node_modules/next/dist/bin"), { recursive: true });
  await mkdir(join(folder, ".next"));
  for (const name of ["next.config.ts", "package-lock.json", "postcss.config.mjs", "tsconfig.json"]) {
    await writeFile(join(folder, name), "{}");
  }
  const program = `process.chdir(${JSON.stringify(folder)});
    const { ensureBuilt } = await import("${pathToFileURL("lib/server/build.ts").href}");
    console.log(await ensureBuilt());`;
  await writeFile(join(folder, "program.mjs"), program);
});

/** Builds in the folder, where this program takes the place of Next.js. */
async function startBuild(next: string) {
  await writeFile(join(folder, "node_modules/next/dist/bin/next"), next);
  return startGroup(["--import", "tsx", join(folder, "program.mjs")], {});
}

test.each(["SIGKILL", "SIGTERM"] as const)(
  "a build ends with the process that began it, also by %s",
  async (signal) => {
    const child = await startBuild(`
    require("fs").writeFileSync("pid", String(process.pid));
    setInterval(() => undefined, 1000);`);
    const pid = () => readFile(join(folder, "pid"), "utf8").then(Number, () => 0);
    await expect.poll(pid, { timeout: 20_000 }).toBeGreaterThan(0);
    const building = await pid();
    onTestFinished(() => void (isAlive(building) && process.kill(building, "SIGKILL")));
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
    onTestFinished(() => endGroup(child, "SIGKILL"));
    await expect.poll(() => isAlive(building), { timeout: 10_000 }).toBe(false);
  },
);

test("a build waits for one of another process", async () => {
  const child = await startBuild(`
    const { existsSync, writeFileSync } = require("fs");
    if (existsSync("is-over")) process.exit(0);
    writeFileSync("is-over", "");
    console.error(" ⨯ Another next build process is already running.");
    process.exit(1);`);
  expect(await waitForEnd(child, 1, false)).toMatchObject({
    code: 0,
    output: expect.stringMatching(/waiting for it\nbuilt\n$/),
  });
});

test("a build that fails is said with its output", async () => {
  const child = await startBuild(`console.error("Type error: no"); process.exit(1);`);
  expect(await waitForEnd(child, 1, false)).toMatchObject({
    code: 1,
    output: expect.stringContaining("Type error: no"),
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
