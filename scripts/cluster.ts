import { once } from "node:events";
import { env, readSettings } from "@/lib/env";
import { ensureBuilt } from "@/lib/server/build";
import { freePort } from "@/lib/server/database";
import { portTaken } from "@/lib/server/listen";
import { type Cleanup, type Fail, runUntilSignal } from "@/lib/server/run-until-signal";
import { prepare, printFirstSignIn } from "@/lib/server/serve";
import { CannotStart, note, secondsSince, step } from "@/lib/server/steps";
import { createBalancer } from "./balancer";
import { ClusterInstance } from "./cluster-instance";

// `npm run cluster -- 3`: starts three instances, each as `npm start` does and on its own port, with one database and a load
// balancer on PORT. It shows on one machine how several machines behave. An instance that ends is restarted.

const began = performance.now();

await runUntilSignal(start, {
  ready: async () => {
    const { port, baseUrl } = env();
    console.log(`\n  Tessera is ready after ${secondsSince(began)} s: ${baseUrl ?? `http://localhost:${port}`}\n`);
    await printFirstSignIn();
    console.log("  Next: kill an instance and see the others keep working. Press Ctrl-C to stop.\n");
  },
});

async function start(cleanups: Cleanup[], fail: Fail): Promise<void> {
  const count = countOf(process.argv[2] ?? "3");
  const { port, processes } = readSettings();
  const ports = await chooseFreePorts(port, count);
  await prepare(cleanups, fail, count * processes);
  await step("Pages", ensureBuilt);
  const instances = ports.map((port, index) => new ClusterInstance(index + 1, port));
  cleanups.push(() => Promise.all(instances.map((each) => each.stop())));
  await step("Instances", async () => {
    await Promise.all(instances.map((each) => each.start()));
    return `${count}, each with ${env().databaseConnections} connections to the database`;
  });
  for (const each of instances) {
    each.restartWhenEnded();
    note(`Instance ${each.number}`, each.description());
  }
  await step("Balancer", async () => {
    const { server, check, stop } = createBalancer(instances.map(({ origin }) => origin));
    cleanups.push(stop);
    await check();
    server.listen(port);
    await once(server, "listening");
    return `listening on port ${port}`;
  });
}

function countOf(text: string): number {
  if (/^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= 32) return Number(text);
  throw new CannotStart("Pass the number of instances, 1 to 32: npm run cluster -- 3");
}

/** Chooses the ports after the balancer's for the instances, or other free ones. @throws CannotStart when the balancer's port is in use. */
async function chooseFreePorts(port: number, count: number): Promise<number[]> {
  if (!(await freePort(port))) throw portTaken(port);
  const wanted = Array.from({ length: count }, (_, index) => port + 1 + index);
  return Promise.all(wanted.map(async (each) => (await freePort(each)) ?? (await freePort(0)) ?? 0));
}
