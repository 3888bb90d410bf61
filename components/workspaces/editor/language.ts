import { PostgreSQL, SQLDialect } from "@codemirror/lang-sql";
import { yamlLanguage } from "@codemirror/lang-yaml";
import { parseMixed } from "@lezer/common";

const { keywords = "", types = "" } = PostgreSQL.spec;

/** The words of DuckDB that PostgreSQL does not have. */
const duckdbWords =
  "asof pivot unpivot qualify positional anti semi exclude replace columns summarize describe sample glob";
const duckdbTypes =
  "hugeint uhugeint ubigint uinteger usmallint utinyint tinyint double float varchar struct map union";

const headerStart = "/*---";
const headerEnd = "---*/";

/** SQL of DuckDB whose leading comment is a header in YAML. */
export const workspaceLanguage = SQLDialect.define({
  keywords: `${keywords} ${duckdbWords}`,
  types: `${types} ${duckdbTypes}`,
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
