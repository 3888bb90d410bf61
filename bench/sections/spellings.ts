import { budgets } from "../budgets";
import { curlHeaders, fetchHeaders } from "../clients";
import { type Comparison, withComparisons } from "../compare";
import { type Entrant, measureEntrants } from "../entrants";
import { withShareOf } from "../rounds";
import type { Row } from "../row";
import type { Bench, Section } from "../section";
import { startServer } from "../start-server";
import { introspect } from "./peers";

const titles = {
  barest: "plain node:http",
  plain: "authorize, plain spelling",
  plus: "authorize, a space as +",
  introspect: "introspection, own bearer, as a form",
  token: "GET /api/v1/token",
};

const bearer = { authorization: "Bearer {value}" };
const plainPath = "/api/v1/authorize?permission=jobs:access";
const encodedPath = "/api/v1/authorize?permission=jobs%3Aaccess";

/** The same question as client libraries and proxies write it. */
const spellings: Record<string, { path: string; headers: Record<string, string> }> = {
  "authorize, percent-encoded": { path: encodedPath, headers: { ...fetchHeaders, ...bearer } },
  "authorize, percent-encoded, from curl": { path: encodedPath, headers: { ...curlHeaders, ...bearer } },
  "authorize, fmetoken header": {
    path: encodedPath,
    headers: { ...fetchHeaders, authorization: "fmetoken token={value}" },
  },
  "authorize, scheme in mixed case": {
    path: encodedPath,
    headers: { ...fetchHeaders, authorization: "bEARER {value}" },
  },
};

const comparisons: Comparison[] = [
  { row: titles.plain, to: titles.barest, what: "authorize", beside: "bare node:http", budget: budgets.warm },
  ...[...Object.keys(spellings), titles.plus].map((row) => ({
    row,
    to: titles.plain,
    what: "authorize in other spellings, the slowest",
    beside: "the plain spelling",
    budget: budgets.spelling,
  })),
  {
    row: titles.introspect,
    to: titles.plain,
    what: "introspection (RFC 7662)",
    beside: "authorize",
    budget: budgets.introspection,
  },
  {
    row: titles.token,
    to: titles.plain,
    what: "`GET /api/v1/token`",
    beside: "authorize",
    budget: budgets.presentedToken,
  },
];

const note =
  "1,000 tokens in memory. All requests have the headers of Node's fetch, or those of curl where the row says so, also those to plain node:http.";

/** The same question in the spellings of real clients, and the other questions about a token. */
export const spelled: Section = {
  name: "spellings",
  about: "Verification as real clients ask, 50 connections",
  async run({ generator, sizes, stock }: Bench): Promise<Row[]> {
    const { values, reader } = await stock();
    generator.addValues("few", values.slice(0, 1_000));
    const tessera = () => startServer("servers/tessera");
    const common = { status: 200, values: "few", server: tessera };
    const plain = { path: plainPath, headers: { ...fetchHeaders, ...bearer } };
    const entrants: Entrant[] = [
      { ...common, ...plain, title: titles.barest, server: () => startServer("servers/hello"), note },
      { ...common, ...plain, title: titles.plain },
      ...Object.entries(spellings).map(([title, request]) => ({ ...common, ...request, title })),
      {
        ...{ ...common, path: "/api/v1/authorize?permission=repository%2FOpen+data%3Arun" },
        headers: { ...fetchHeaders, ...reader.bearer },
        title: titles.plus,
        note: "A repository with a space in its name, and one token, which has All Permissions.",
      },
      { ...common, ...introspect({ ...fetchHeaders, ...reader.bearer }), title: titles.introspect },
      { ...common, path: "/api/v1/token", headers: { ...fetchHeaders, ...bearer }, title: titles.token },
    ];
    const rows = await measureEntrants(generator, entrants, sizes);
    return withComparisons(withShareOf(rows[0] as Row, rows), comparisons);
  },
};
