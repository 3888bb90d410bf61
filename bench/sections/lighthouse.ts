import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { chromium } from "@playwright/test";
import { browserArguments, findBrowser } from "@/testing/browser";
import type { Audit, Figures } from "../audit";
import { budgets } from "../budgets";
import { createOwnerOf } from "../owner";
import { installPeers } from "../peers";
import { median } from "../rounds";
import { type Budget, judge, type Row } from "../row";
import type { Bench, Section } from "../section";
import { execArgv } from "../start-server";

const run = promisify(execFile);

const metrics: { title: string; figure: keyof Figures; budget: Budget; digits: number }[] = [
  { title: "performance", figure: "performance", budget: budgets.performance, digits: 0 },
  { title: "accessibility", figure: "accessibility", budget: budgets.accessibility, digits: 0 },
  { title: "largest contentful paint, s", figure: "largestPaint", budget: budgets.largestPaint, digits: 2 },
  { title: "total blocking time, ms", figure: "blocking", budget: budgets.blocking, digits: 0 },
  { title: "cumulative layout shift", figure: "layoutShift", budget: budgets.layoutShift, digits: 3 },
];

/** The figures of Lighthouse for Manage Tokens on a slow phone. */
export const lighthouse: Section = {
  name: "lighthouse",
  about: "Lighthouse 12, mobile: Manage Tokens with 50 rows",
  async run({ sizes, stock, product, say }: Bench): Promise<Row[]> {
    installPeers(say);
    const { path } = await findBrowser(say);
    await stock();
    const { port } = await product();
    const owner = await createOwnerOf(100, { expired: 100 });
    const audit: Audit = {
      url: `http://localhost:${port}/settings/tokens`,
      headers: owner.cookie,
      browser: path ?? chromium.executablePath(),
      flags: browserArguments,
    };
    const audits: Figures[] = [];
    while (audits.length < sizes.repeats) {
      const args = [...execArgv, "bench/peers/lighthouse.ts", JSON.stringify(audit)];
      const { stdout } = await run(process.execPath, args, { timeout: 120_000 });
      audits.push(JSON.parse(stdout));
    }
    return metrics.map(({ title, figure, budget, digits }) => {
      const measured = median(audits.map((each) => each[figure]));
      return { title, figure: measured.toFixed(digits), verdicts: [judge(budget, measured)], runs: audits };
    });
  },
};
