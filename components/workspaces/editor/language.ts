import { SQLDialect } from "@codemirror/lang-sql";
import { yamlLanguage } from "@codemirror/lang-yaml";
import { parseMixed } from "@lezer/common";

/** The words that a query has a structure by. Others, such as `name`, are rather names of columns. */
const keywords = `select from where group by having order limit offset qualify with recursive materialized as on using
  join left right full outer inner cross natural lateral asof positional anti semi union intersect except all distinct
  case when then else end and or not in is like ilike glob similar to between exists any some cast try_cast asc desc
  nulls first last over partition rows range groups preceding following unbounded current row window filter within values
  interval extract collate escape pivot unpivot exclude replace columns summarize describe sample tablesample set
  grouping sets rollup cube at time zone`;
const types = `bigint bit blob boolean bool bytea char date datetime decimal double enum float geometry hugeint int int1 int2
  int4 int8 integer json list map numeric real short smallint string struct text time timestamp timestamptz timetz tinyint
  ubigint uhugeint uinteger union usmallint utinyint uuid varchar`;

const wordsOf = (text: string) => text.split(/\s+/).join(" ");

const headerStart = "/*---";
const headerEnd = "---*/";

/** SQL of DuckDB whose leading comment is a header in YAML. */
export const workspaceLanguage = SQLDialect.define({
  keywords: wordsOf(keywords),
  types: wordsOf(types),
  // `$NAME` is a parameter.
  specialVar: "$",
}).language.configure({
  wrap: parseMixed((node, input) => {
    if (node.name !== "BlockComment" || node.from > leadingMax) return null;
    const isHeader = input.read(node.from, node.from + headerStart.length) === headerStart;
    const [from, to] = [node.from + headerStart.length, node.to - headerEnd.length];
    return isHeader && from < to ? { parser: yamlLanguage.parser, overlay: [{ from, to }] } : null;
  }),
});

/** Only empty lines and a byte order mark precede a header. */
const leadingMax = 100;
