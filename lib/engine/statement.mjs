import { BIGINT, BOOLEAN, DATE, DOUBLE, DuckDBDateValue, VARCHAR } from "@duckdb/node-api";
import { strictJson } from "./json-text.mjs";
import { EngineRefusal } from "./refusal.mjs";

/** Runs nothing. Refuses a source that is not one SELECT (or WITH, VALUES, FROM), alone and in parentheses.
 * @param {import("@duckdb/node-api").DuckDBConnection} connection @param {string} source
 * @returns {Promise<{ sql: string, parameters: string[] }>} parameters as first written */
export async function parseSelect(connection, source) {
  const written = await parseTree(connection, source);
  demandOne(written, source);
  const sql = blankSemicolons(source);
  const tree = sql === source ? written : await parseTree(connection, sql);
  demandOne(tree, sql);
  await parseTree(connection, inParentheses(sql));
  refuseSystem(tree.statements, (byte) => lineOfByte(sql, byte));
  return { sql, parameters: parameterNames(tree) };
}

function demandOne({ statements }, source) {
  if (statements.length === 1) return;
  const [first] = [...piecesOf(source)].filter(({ sign }) => sign === ";");
  const line = first && lineOf(source.slice(0, first.start));
  throw new EngineRefusal("sql", `The query must be one SELECT statement; this has ${statements.length}.`, line);
}

const lineOf = (before) => before.split("\n").length;

/** DuckDB counts the places of what it has parsed in bytes. */
const lineOfByte = (sql, byte) =>
  Number.isSafeInteger(byte) ? lineOf(Buffer.from(sql).subarray(0, byte).toString()) : undefined;

/** Keeps places in the query. The parser decides afterwards whether it is one statement. @param {string} source */
function blankSemicolons(source) {
  const blanked = [];
  let kept = 0;
  for (const { sign, start, end } of piecesOf(source)) {
    if (sign !== ";") continue;
    blanked.push(source.slice(kept, start));
    kept = end;
  }
  return [...blanked, source.slice(kept)].join(" ");
}

/** The texts, quoted names, comments and semicolons of a query, with the sign by which each begins. @param {string} source
 * @returns {Generator<{ sign: string, start: number, end: number }>} */
export function* piecesOf(source) {
  const opening = new RegExp(wordOrSign);
  for (let match = opening.exec(source); match; match = opening.exec(source)) {
    const { word, prefix = "", sign = "" } = match.groups ?? {};
    if (word !== undefined) continue;
    const start = match.index + prefix.length;
    const end = sign === ";" ? start + 1 : endOf(source, sign, start, prefix !== "");
    yield { sign, start, end };
    opening.lastIndex = end;
  }
}

/** As for DuckDB's lexer, characters beyond ASCII are letters, and a word may have a `$` inside. */
const wordOrSign =
  /(?<word>(?!e')[a-z_[^\p{ASCII}\s]][\w$[^\p{ASCII}\s]]*)|(?<prefix>e)?(?<sign>'|"|--|\/\*|\$(?:[a-z_[^\p{ASCII}\s]][\w[^\p{ASCII}\s]]*)?\$|;)/giv;

/** Returns where the text, name or comment ends that begins at `start`. */
function endOf(source, opening, start, isEscaped) {
  const inside = start + opening.length;
  const quoted = isEscaped ? escapedText() : { "'": /[^']*(?:''[^']*)*/y, '"': /[^"]*(?:""[^"]*)*/y }[opening];
  if (quoted) {
    quoted.lastIndex = inside;
    return Math.min(source.length, inside + (quoted.exec(source)?.[0].length ?? 0) + 1);
  }
  if (opening === "--") return endAfter(source, /[\n\r]/g, inside);
  if (opening === "/*") return endOfComment(source, inside);
  const end = source.indexOf(opening, inside);
  return end < 0 ? source.length : end + opening.length;
}

function endAfter(source, closing, from) {
  closing.lastIndex = from;
  return closing.test(source) ? closing.lastIndex : source.length;
}

/** Comments can contain comments. */
function endOfComment(source, inside) {
  let [depth, end] = [1, inside];
  while (depth > 0 && end < source.length) {
    end = endAfter(source, /\/\*|\*\//g, end);
    depth += source.endsWith("/*", end) ? 1 : -1;
  }
  return end;
}

const escapedText = () => /[^'\\]*(?:(?:\\.|'')[^'\\]*)*/sy;

/** COPY contains the query in this form. @param {string} sql */
const inParentheses = (sql) => `SELECT * FROM (${sql}\n)`;

/** @param {string} sql @returns {Promise<{ statements: unknown[] }>} */
async function parseTree(connection, sql) {
  const reader = await connection.runAndReadAll("SELECT json_serialize_sql($sql::VARCHAR)", { sql });
  // A constant such as 1e400 is infinite.
  const tree = JSON.parse(strictJson(String(reader.getRows()[0]?.[0])));
  if (!tree.error) return tree;
  if (tree.error_type === "not implemented") {
    throw new EngineRefusal("sql", "The query must be one SELECT statement; nothing else is run.");
  }
  const line = tree.position === undefined ? undefined : lineOf(charactersOf(sql, Number(tree.position)));
  const [fault] = String(tree.error_message).split(/\.? Use "SET /);
  throw new EngineRefusal("sql", `The query is not valid: ${fault}${line ? ` (line ${line})` : ""}.`, line);
}

/** DuckDB counts the place of a syntax error in characters, of which JavaScript has two units for some. */
const charactersOf = (sql, count) => Array.from(sql).slice(0, count).join("");

/** They write logs, run text as a query that the parse tree does not contain, or change settings. */
const refusedFunctions = new Set([
  "arrow_scan",
  "arrow_scan_dumb",
  "check_peg_parser",
  "checkpoint",
  "current_setting",
  "disable_logging",
  "disable_peg_parser",
  "disable_profiling",
  "enable_logging",
  "enable_peg_parser",
  "enable_profiling",
  "force_checkpoint",
  "from_substrait",
  "json_execute_serialized_sql",
  "json_serialize_plan",
  "query",
  "query_table",
  "truncate_duckdb_logs",
  "which_secret",
  "write_log",
]);

/** The views and functions of DuckDB about itself tell paths, settings and limits of the server. Their names have no dot, unlike
 * those of data files. */
const systemName = /^(?:duckdb|pragma|pg|sqlite)_[^.]*$/i;
const systemSchemas = new Set(["pg_catalog", "information_schema"]);
const harmless = new Set(["pg_timezone_names", "pg_typeof"]);

/** @param {unknown} node @param {(byte: number) => number | undefined} lineAt */
function refuseSystem(node, lineAt) {
  if (node === null || typeof node !== "object") return;
  const refuse = (message) => {
    throw new EngineRefusal("sql", message, lineAt(node.query_location));
  };
  const { function_name: called, type, schema_name: schema, table_name: table } = node;
  if (typeof called === "string") {
    const name = called.toLowerCase();
    const isSystem = systemName.test(name) && !harmless.has(name);
    if (isSystem || refusedFunctions.has(name)) refuse(`The function ${name} is not allowed in queries.`);
  }
  if (type === "BASE_TABLE" && (systemSchemas.has(schema.toLowerCase()) || systemName.test(table)))
    refuse(`The table ${table} of the engine is not allowed in queries.`);
  for (const part of Object.values(node)) refuseSystem(part, lineAt);
}

const parametersMax = 1_000;

/** DuckDB ignores the case of parameters, so `$name` and `$NAME` are one. */
function parameterNames(tree) {
  const names = new Map();
  const visit = (node) => {
    if (node === null || typeof node !== "object") return;
    if (node.class === "PARAMETER") names.set(node.identifier.toUpperCase(), node.identifier);
    Object.values(node).forEach(visit);
  };
  visit(tree.statements);
  if (names.size > parametersMax)
    throw new EngineRefusal("sql", `The query has more than ${parametersMax} parameters.`);
  return [...names.values()].map((name) => String(name).slice(0, 100));
}

/** The line on which each parameter is first used, by its name in upper case. @param {string} source */
export function parameterLines(source) {
  const pieces = [...piecesOf(source)].filter(({ sign }) => sign !== ";");
  const lines = new Map();
  let [at, line, next] = [0, 1, 0];
  for (const { index, groups } of source.matchAll(parameterUse)) {
    const name = String(groups?.name).toUpperCase();
    while (pieces[next]?.end <= index) next++;
    if (pieces[next]?.start <= index) continue;
    line += lineOf(source.slice(at, index)) - 1;
    at = index;
    if (!lines.has(name)) lines.set(name, line);
  }
  return lines;
}

const parameterUse = /\$(?<name>[\w[^\p{ASCII}\s]]+)/giv;

/** Refuses a parameter that is not published. @param {import("@duckdb/node-api").DuckDBPreparedStatement} prepared
 * @param {Record<string, { type: string, value: string | number | boolean | null }>} values by name in upper case */
export function bindParameters(prepared, values) {
  for (let index = 1; index <= prepared.parameterCount; index++) {
    const name = prepared.parameterName(index);
    const given = values[name.toUpperCase()];
    if (!given) throw new EngineRefusal("sql", `The query uses $${name}, which is not a published parameter.`);
    prepared.bindValue(index, boundValue(given), boundTypes[given.type]);
  }
}

const boundTypes = { text: VARCHAR, choice: VARCHAR, integer: BIGINT, number: DOUBLE, boolean: BOOLEAN, date: DATE };

function boundValue({ type, value }) {
  if (value === null) return null;
  if (type === "integer") return BigInt(value);
  if (type === "date") return new DuckDBDateValue(Date.parse(`${value}T00:00:00Z`) / 86_400_000);
  return value;
}
