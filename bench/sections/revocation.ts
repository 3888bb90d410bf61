import { httpRounds } from "@/testing/http-rounds";
import { revocations } from "@/testing/revocations";
import { introduceRoot, withThreeInstances } from "@/testing/three-instances";
import { budgets } from "../budgets";
import { createOwnerOf } from "../owner";
import { measureInTurn } from "../rounds";
import { judge, type Row } from "../row";
import type { Bench, Section } from "../section";
import { connections } from "../sizes";

/** How long it takes to disable a token, and whether a server accepts a revoked one afterwards. */
export const revocation: Section = {
  name: "revocation",
  about: "Revocation",
  async run({ sizes, generator, stock, product }: Bench): Promise<Row[]> {
    await stock();
    const server = await product();
    const { ids, bearer } = await createOwnerOf(sizes.revocations);
    generator.addValues("to disable", ids);
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
      note: "Over HTTP, through the REST interface and Next, answered once the change is on disk.",
    }));
    const rows = await measureInTurn(generator, contenders, sizes);
    for (const row of rows) row.verdicts = [judge(budgets.revocationP99, row.p99 ?? Number.NaN)];
    return [...rows, await countStaleAnswers(sizes.revocationRounds)];
  },
};

async function countStaleAnswers(rounds: number): Promise<Row> {
  const asRoot = await introduceRoot();
  const plan = { rounds, writers: 10, loadRequests: connections };
  const { checks, stale, unexpected } = await withThreeInstances((three) => httpRounds(three, asRoot, plan));
  if (unexpected.length > 0) throw new Error(`A check got an unexpected answer: ${unexpected[0]}`);
  return {
    title: "accepted after revocation, 3 processes",
    figure: `${stale} of ${checks.toLocaleString("en")}`,
    verdicts: [judge(budgets.stale, stale)],
    note: `${rounds.toLocaleString("en")} changes of ${Object.keys(revocations).length} kinds by 10 writers, under load over ${connections} connections; \`npm run revocation-check\` does 10,000 rounds under five circumstances.`,
  };
}
