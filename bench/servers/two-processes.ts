import cluster, { type Worker } from "node:cluster";
import { once } from "node:events";
import { compile } from "@/lib/server/compile.mjs";
import { sendToParent, type Usage } from "./serving";

// Two processes on one port, which get connections in turn.
cluster.schedulingPolicy = cluster.SCHED_RR;
cluster.setupPrimary({ exec: compile("bench/servers/tessera.ts"), args: [] });
const workers = [cluster.fork(), cluster.fork()];
const ports = await Promise.all(workers.map(async (worker) => (await once(worker, "message"))[0].port));
sendToParent(ports[0], {
  usage: async () => {
    const all = await Promise.all(workers.map(usageOf));
    return all.reduce((a, b) => ({ cpu: a.cpu + b.cpu, memory: a.memory + b.memory }));
  },
});
process.on("disconnect", () => process.exit(0));

async function usageOf(worker: Worker): Promise<Usage> {
  worker.send("usage");
  return (await once(worker, "message"))[0];
}
