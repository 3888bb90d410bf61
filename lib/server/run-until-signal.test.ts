import { once } from "node:events";
import { closeSync, existsSync, openSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { startGroup, waitForEnd } from "@/testing/bounded";

/** A process, and one that it starts, whose every request is in flight for as long as its body. */
const program = `
  import cluster from "node:cluster";
  import { createServer } from "node:http";
  import { runUntilSignal } from "${pathToFileURL("lib/server/run-until-signal.ts").href}";
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  if (cluster.isPrimary) {
    cluster.fork().on("listening", ({ port }) => console.log("port", port));
  } else {
    await runUntilSignal(async (cleanups) => {
      cleanups.push(async () => console.log("the first thing is cleaned up"));
      const server = createServer((request, response) => {
        console.log("in flight");
        request.resume().on("end", () => response.end("done"));
      });
      await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
      cleanups.push(() => new Promise((resolve) => server.close(resolve)));
    }, { quiet: true });
  }`;

test("a process whose parent was killed finishes the requests in flight, stops what it started, and ends", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tessera-lifetime-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "program.mjs"), program);
  const parent = startGroup(["--import", "tsx", join(folder, "program.mjs")], {});
  let printed = "";
  parent.stdout?.on("data", (text) => {
    printed += text;
  });
  // Both print into it: it is over when both have ended.
  const ending = waitForEnd(parent, 1, false);
  const port = () => Number(/port (\d+)/.exec(printed)?.[1] ?? 0);
  await expect.poll(port, { timeout: 30_000 }).toBeGreaterThan(0);
  const outgoing = request({ host: "127.0.0.1", port: port(), method: "POST", agent: false });
  const answered = once(outgoing, "response");
  answered.catch(() => undefined);
  outgoing.write("begun ");
  await expect.poll(() => printed, { timeout: 30_000 }).toContain("in flight");

  parent.kill("SIGKILL");
  const another = () =>
    once(request({ host: "127.0.0.1", port: port(), agent: false }).end(), "response").then(
      () => "answered",
      ({ code }) => code,
    );
  await expect.poll(another, { timeout: 30_000 }).toBe("ECONNREFUSED");
  outgoing.end("and ended");
  const [response] = await answered;
  expect((await response.toArray()).join("")).toBe("done");
  expect((await ending).output).toContain("the first thing is cleaned up");
});

/** It prints by all means of the server, and counts the errors that nothing catches, which Next.js prints. */
const printer = `
  import { writeFileSync } from "node:fs";
  import { log } from "${pathToFileURL("lib/log.ts").href}";
  import { runUntilSignal } from "${pathToFileURL("lib/server/run-until-signal.ts").href}";
  let uncaught = 0;
  process.on("uncaughtException", (error) => {
    uncaught++;
    if (uncaught < 100) console.error(error);
  });
  await runUntilSignal(async () => {
    for (let count = 0; count < 5; count++) {
      console.log("one");
      console.error("two");
      log.error("three");
      process.stderr.write("four");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    writeFileSync(process.argv.at(-1), String(uncaught));
    process.exit(0);
  });`;

test.runIf(existsSync("/dev/full"))("output on a full disk is lost, and nothing else", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tessera-lifetime-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "program.mjs"), printer);
  const full = openSync("/dev/full", "a");
  const args = ["--import", "tsx", "--conditions=react-server", join(folder, "program.mjs"), join(folder, "uncaught")];
  const child = startGroup(args, { NODE_ENV: "production" }, full);
  closeSync(full);
  expect(await waitForEnd(child, 1, false)).toMatchObject({ code: 0 });
  expect(await readFile(join(folder, "uncaught"), "utf8")).toBe("0");
});
