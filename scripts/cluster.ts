import { once } from "node:events";
import { env, readSettings } from "@/lib/env";
import { ensureBuilt } from "@/lib/server/build";
import { freePort } from "@/lib/server/database";
import { portTaken } from "@/lib/server/listen";
import { type Cleanup, runUntilSignal } from "@/lib/server/run-until-signal";
import { prepare, printFirstSignIn } from "@/lib/server/serve";
import { CannotStart, note, secondsSince, step } from "@/lib/server/steps";
import { createBalancer } from "./balancer";
import { ClusterInstance } from "./cluster-instance";

// `npm run cluster -- 3`: so many instances, each as `npm start` runs it and on a port of its own, on one database and behind a
// load balancer on PORT. For trying what many machines do. An instance that ends is started again.

const began = performance.now();

await runUntilSignal(start, {
  ready: async () => {
    const { port, baseUrl } = env();
    console.log(`\n  Tessera is ready after ${secondsSince(began)} s: ${baseUrl ?? `http://localhost:${port}`}\n`);
    await printFirstSignIn();
    console.log("  Next: kill an instance and see the others go on. Ctrl-C stops everything.\n");
  },
});

async function start(cleanups: Cleanup[]): Promise<void> {
  const count = countOf(process.argv[2] ?? "3");
  const { port, processes } = readSettings();
  const ports = await freePorts(port, count);
  await prepare(cleanups, count * processes);
  await step("Pages", ensureBuilt);
  const instances = ports.map((own, index) => new ClusterInstance(index + 1, own));
  cleanups.push(() => Promise.all(instances.map((each) => each.stop())));
  await step("Instances", async () => {
    await Promise.all(instances.map((each) => each.start()));
    return `${count}, each with ${env().databaseConnections} connections to the database`;
  });
  for (const each of instances) {
    each.keepUp();
    note(`Instance ${each.number}`, each.description());
  }
  await step("Balancer", async () => {
    const { server, check: look, stop } = createBalancer(instances.map(({ origin }) => origin));
    cleanups.push(stop);
    await look();
    server.listen(port);
    await once(server, "listening");
    return `listening on port ${port}`;
  });
}

function countOf(text: string): number {
  if (/^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= 32) return Number(text);
  throw new CannotStart("Say how many instances, 1 to 32: npm run cluster -- 3");
}

/** The balancer's port must be free; the ones after it are for the instances, others where they are taken. */
async function freePorts(port: number, count: number): Promise<number[]> {
  if (!(await freePort(port))) throw portTaken(port);
  const wanted = Array.from({ length: count }, (_, index) => port + 1 + index);
  return Promise.all(wanted.map(async (each) => (await freePort(each)) ?? (await freePort(0)) ?? 0));
}
