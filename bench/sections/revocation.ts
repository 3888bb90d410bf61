import { revocationRounds } from "@/lib/testing/revocation-rounds";
import { budgets } from "../budgets";
import { ownerOf } from "../owner";
import { inTurn } from "../rounds";
import { judged, type Row } from "../row";
import type { Bench, Section } from "../section";

/** How long it takes to take a token away, and whether anybody accepts it afterwards. */
export const revocation: Section = {
  name: "revocation",
  about: "Revocation",
  async run({ sizes, generator, stock, product }: Bench): Promise<Row[]> {
    await stock();
    const server = await product();
    const { ids, bearer } = await ownerOf(sizes.revocations);
    generator.keep("to disable", ids);
    const contenders = [1, 10].map((connections) => ({
      title: `PATCH enabled: false, ${connections} at a time`,
      server,
      method: "PATCH",
      path: "/api/v1/tokens/{value}",
      headers: { ...bearer, "Content-Type": "application/json" },
      body: JSON.stringify({ enabled: false }),
      values: "to disable",
      status: 200,
      connections,
      note: "Over HTTP, through the REST door and Next, answered once it is on disk.",
    }));
    const rows = await inTurn(generator, contenders, sizes);
    for (const row of rows) row.verdicts = [judged(budgets.revocationP99, row.p99 ?? Number.NaN)];
    return [...rows, await staleAccepts(sizes.revocationRounds)];
  },
};

async function staleAccepts(rounds: number): Promise<Row> {
  const { tries, stale } = await revocationRounds({ rounds, writers: 10, hammering: 5 });
  return {
    title: "accepted after the change was answered, 3 instances",
    figure: `${stale} of ${tries.toLocaleString("en")}`,
    verdicts: [judged(budgets.stale, stale)],
    note: "Three memories with connections of their own, 10 writers, all under load; `npm run certainty` does 10,000 rounds.",
  };
}
