import { writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { endGroup, startGroup, waitForEnd } from "@/testing/bounded";
import { queryOrders } from "@/testing/query-orders";

const { pathOf, order } = queryOrders();

/** A server that runs a query, has processes ready, and prints which. `first` is run before that, `last` afterwards. */
async function startServer(last: string, first = "") {
  const program = `
    ${first}
    import { enginePool } from "${pathToFileURL("lib/engine/pool.ts").href}";
    import { runQuery } from "${pathToFileURL("lib/engine/run.ts").href}";
    const pool = enginePool(null);
    pool.start();
    const { rows } = await runQuery(${JSON.stringify(order("FROM 'rain.csv'"))});
    const ready = () => pool.members.filter(({ state }) => state === "ready");
    while (ready().length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    console.log("rows", rows, "processes", ready().map(({ pid }) => pid).join());
    ${last}`;
  await writeFile(pathOf("server.mjs"), program);
  const server = startGroup(["--import", "tsx", "--conditions=react-server", pathOf("server.mjs")], {
    TESSERA_ENGINES: "2",
  });
  let printed = "";
  server.stdout?.on("data", (text) => {
    printed += text;
  });
  const ending = waitForEnd(server, 1, false);
  const pids = async () => {
    await expect.poll(() => printed, { timeout: 50_000 }).toMatch(/rows 2 processes \d+,\d+\n/);
    return (/processes (.*)/.exec(printed)?.[1] ?? "").split(",").map(Number);
  };
  return { server, ending, pids, printed: () => printed };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test("processes that wait neither keep their server alive nor outlive it", async () => {
  const { ending, pids } = await startServer("");
  await pids();
  // They have its standard error, which ends when they have all ended.
  expect(await ending).toMatchObject({ code: 0, timedOut: false });
});

test("processes end when their server is killed", async () => {
  const { server, ending, pids } = await startServer("setInterval(() => {}, 1000);");
  const found = await pids();
  expect(found.filter(isAlive)).toEqual(found);
  server.kill("SIGKILL");
  expect(await ending).toMatchObject({ timedOut: false });
});

test.runIf(process.platform !== "win32")("a signal to all processes of a server leaves the jobs to it", async () => {
  const ignored = 'for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(name, () => console.log(name));';
  const { server, ending, pids, printed } = await startServer("setInterval(() => {}, 1000);", ignored);
  const found = await pids();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    endGroup(server, name);
    await expect.poll(printed, { timeout: 10_000 }).toContain(name);
  }
  expect(found.filter(isAlive)).toEqual(found);
  server.kill("SIGKILL");
  expect(await ending).toMatchObject({ timedOut: false });
});
