import { setTimeout as delay } from "node:timers/promises";
import { budgets } from "../budgets";
import { createOwnerOf } from "../owner";
import { startProduct } from "../product";
import { type Budget, judge, type Row } from "../row";
import { type Bench, type Section, withServers } from "../section";
import { connections } from "../sizes";
import type { Server } from "../start-server";

const settleMs = 3_000;

/** The memory of a new process, before and after it has rendered pages under load. */
export const memory: Section = {
  name: "memory",
  about: "Resident memory of one process",
  async run({ sizes, generator, stock }: Bench): Promise<Row[]> {
    await stock();
    const owner = await createOwnerOf(100, { expired: 100 });
    return withServers([startProduct], async ([server]) => {
      const { port } = server as Server;
      await delay(settleMs);
      const idle = await measureMemory(server as Server, "idle after the start", budgets.memoryIdle);
      const page = { port, path: "/settings/tokens", headers: owner.cookie, values: "none" };
      await generator.measure({ ...page, connections, seconds: sizes.rounds * sizes.seconds });
      return [
        idle,
        await measureMemory(server as Server, `after pages at ${connections} connections`, budgets.memoryLoaded),
      ];
    });
  },
};

async function measureMemory(server: Server, title: string, budget: Budget): Promise<Row> {
  const megabytes = (await server.usage()).memory / 1e6;
  return { title, figure: `${megabytes.toFixed(0)} MB`, verdicts: [judge(budget, megabytes)] };
}
