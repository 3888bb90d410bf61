import { pool } from "@/lib/db";
import { encodeCursor } from "@/lib/paging";
import { budgets } from "../budgets";
import { createOwnerOf, type Owner } from "../owner";
import { type Contender, measureInTurn } from "../rounds";
import { judge, type Row } from "../row";
import type { Bench, Section } from "../section";

const pageSize = 25;
/** The number of own tokens to which the budget applies. */
const budgetTokens = 10_000;

/** Lists and pages of users with few and with many tokens, one request at a time. */
export const lists: Section = {
  name: "lists",
  about: "Lists of own tokens, 25 per page, 1 connection",
  async run({ sizes, generator, stock, product }: Bench): Promise<Row[]> {
    await stock();
    const server = await product();
    const contenders: Contender[] = [];
    for (const tokens of sizes.ownTokens) {
      const owner = await createOwnerOf(tokens);
      const cursor = await findLastCursor(owner);
      const count = tokens.toLocaleString("en");
      const common = { server, values: "none", status: 200, connections: 1 };
      const api = "/api/v1/tokens?kind=api&limit=25";
      contenders.push(
        { ...common, title: `REST, ${count} own, first page`, path: api, headers: owner.bearer },
        { ...common, title: `REST, ${count} own, last page`, path: `${api}&cursor=${cursor}`, headers: owner.bearer },
        {
          ...common,
          title: `Manage Tokens, ${count} own, first page`,
          path: "/settings/tokens",
          headers: owner.cookie,
        },
        {
          ...common,
          title: `Manage Tokens, ${count} own, last page`,
          path: `/settings/tokens?after=${cursor}`,
          headers: owner.cookie,
        },
      );
    }
    const rows = await measureInTurn(generator, contenders, { ...sizes, seconds: sizes.seconds / 2 });
    for (const row of rows) {
      if (row.title.includes(` ${budgetTokens.toLocaleString("en")} own`)) {
        row.verdicts = [judge(budgets.listPage, row.p50 ?? Number.NaN)];
      }
    }
    return rows;
  },
};

/** The cursor of the last page, newest tokens first. */
async function findLastCursor({ userId }: Owner): Promise<string> {
  const { rows } = await pool().query(
    "SELECT id, created_at FROM tokens WHERE owner_id = $1 AND kind = 'api' ORDER BY created_at, id OFFSET $2 LIMIT 1",
    [userId, pageSize],
  );
  return encodeCursor(["-createdAt", rows[0].created_at.getTime(), rows[0].id]);
}
