import { pool } from "@/lib/db";
import { makeBareTables } from "../bare-tables";
import { budgets } from "../budgets";
import { fetchHeaders, fetchJson } from "../clients";
import { type Comparison, withComparisons } from "../compare";
import { type Entrant, measureEntrants } from "../entrants";
import { createOwnerOf, type Owner } from "../owner";
import { startPeer } from "../peers";
import type { Row } from "../row";
import { runStatement } from "../run-statement";
import type { Bench, Section } from "../section";
import { startServer } from "../start-server";

const connections = 10;
const bareRemovals = 200_000;
const unleashTokens = 25;

const titles = {
  create: "Tessera, create a token",
  createBare: "  three prepared inserts in a transaction",
  createBetterAuth: "  better-auth, create a key",
  createAlone: "Tessera, create a token, 1 connection",
  createAloneBare: "  three prepared inserts, 1 connection",
  disable: "Tessera, disable a token",
  enable: "Tessera, enable a token",
  switchBare: "  one conditional update and an insert",
  remove: "Tessera, remove a token",
  removeBare: "  one delete and an insert",
  list: "Tessera, list 25 tokens",
  listBare: "  one prepared keyset query",
  listUnleash: "  Unleash, list 25 tokens",
};

const created = { row: titles.create, what: "create a token, 10 connections" };
const switched = { to: titles.switchBare, beside: "one conditional update and an insert", budget: budgets.change };
const listed = { row: titles.list, what: "list 25 tokens, 10 connections" };
const comparisons: Comparison[] = [
  { ...created, to: titles.createBare, beside: "three prepared inserts in a transaction", budget: budgets.change },
  { ...created, to: titles.createBetterAuth, beside: "better-auth, creating a key" },
  {
    row: titles.createAlone,
    to: titles.createAloneBare,
    what: "time to create a token (p50), 1 connection",
    beside: "three prepared inserts in a transaction",
    figure: "p50",
    budget: budgets.changeP50,
  },
  { ...switched, row: titles.disable, what: "disable a token, 10 connections" },
  { ...switched, row: titles.enable, what: "enable a token, 10 connections" },
  {
    row: titles.remove,
    to: titles.removeBare,
    what: "remove a token, 10 connections",
    beside: "one delete and an insert",
    budget: budgets.change,
  },
  { ...listed, to: titles.listBare, beside: "one prepared keyset query", budget: budgets.list },
  { ...listed, to: titles.listUnleash, beside: "Unleash's list of 25 tokens" },
];

/** Creating, changing and listing tokens, beside the barest server that writes and reads the same. */
export const changes: Section = {
  name: "changes",
  about: `Changes and lists of tokens, requests as Node's fetch sends them, ${connections} connections`,
  async run(bench: Bench): Promise<Row[]> {
    const { generator, sizes, stock, product } = bench;
    const { owners, reader, writer } = await stock();
    const server = await product();
    const changed = await createOwnerOf(3 * sizes.changes);
    const third = (index: number) => changed.ids.slice(index * sizes.changes, (index + 1) * sizes.changes);
    const ids = { disable: third(0), enable: third(1), remove: third(2) };
    const disable = "UPDATE tokens SET enabled = false WHERE id = ANY($1::uuid[])";
    await runStatement(process.env.DATABASE_URL ?? "", disable, [ids.enable]);
    generator.addValues("to remove, bare", await makeBareTables(owners, bareRemovals));
    for (const [name, values] of Object.entries(ids)) generator.addValues(`to ${name}`, values);
    generator.addValues("to switch, bare", ids.disable);
    for (const name of ["names", "names, bare"]) generator.addValues(name, namesOf("change", sizes.names));

    const bare = () => startServer("servers/bare-database");
    const entrants: Entrant[] = [
      ...creations(writer).map((entrant) => ({ ...entrant, server })),
      ...bareEntrants(writer, reader).map((entrant) => ({ ...entrant, server: bare })),
      ...changesOf(changed).map((entrant) => ({ ...entrant, server })),
      { ...listOf(reader), title: titles.list, server },
      ...peersOf(bench),
    ];
    const rows = await measureEntrants(generator, entrants, sizes);
    await demandAllChanged(ids);
    return withComparisons(inOrder(rows), comparisons);
  },
};

type Request = Omit<Entrant, "server">;

/** Names that are unique for one owner, all of the same length. */
export const namesOf = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix} ${String(index).padStart(8, "0")}`);

/** The body of a request that creates a token with one permission. */
export const tokenToCreate = () => ({
  name: "{value}",
  expiresAt: new Date(Date.now() + 6 * 24 * 60 * 60 * 1000).toISOString(),
  permissions: ["jobs:access"],
});

/** The first page of the owner's tokens by REST. */
export const listOf = ({ bearer }: Owner) => ({
  path: "/api/v1/tokens?kind=api&limit=25",
  headers: { ...fetchHeaders, ...bearer },
  values: "none",
  status: 200,
  connections,
});

const note =
  "Tessera answers once the token, its grant and its audit event are on disk. The barest server has tables of its own with as many rows, without triggers and foreign keys, and checks no credentials.";

function creations({ bearer }: Owner): Request[] {
  const post = { ...fetchJson(bearer, tokenToCreate()), method: "POST", path: "/api/v1/tokens", values: "names" };
  return [
    { ...post, title: titles.create, status: 201, connections, note },
    { ...post, title: titles.createAlone, status: 201, connections: 1 },
  ];
}

function changesOf({ bearer }: Owner): Request[] {
  const path = "/api/v1/tokens/{value}";
  const patch = (enabled: boolean) => ({ ...fetchJson(bearer, { enabled }), method: "PATCH", path, connections });
  return [
    { ...patch(false), title: titles.disable, values: "to disable", status: 200 },
    { ...patch(true), title: titles.enable, values: "to enable", status: 200 },
    {
      ...{ title: titles.remove, method: "DELETE", path, values: "to remove", status: 204, connections },
      headers: { ...fetchHeaders, ...bearer },
    },
  ];
}

function bareEntrants(writer: Owner, reader: Owner): Request[] {
  const path = `/${writer.userId}/tokens`;
  const post = { ...fetchJson(writer.bearer, tokenToCreate()), method: "POST", path, status: 201 };
  const headers = { ...fetchHeaders, ...writer.bearer };
  return [
    { ...post, title: titles.createBare, values: "names, bare", connections },
    { ...post, title: titles.createAloneBare, values: "names, bare", connections: 1 },
    {
      ...fetchJson(writer.bearer, { enabled: false }),
      ...{ title: titles.switchBare, method: "PATCH", path: `${path}/{value}`, values: "to switch, bare", status: 200 },
      connections,
      note: "The barest server turns the switch of tokens that have not expired, so that every request changes a row.",
    },
    {
      ...{
        title: titles.removeBare,
        method: "DELETE",
        path: `${path}/{value}`,
        values: "to remove, bare",
        status: 200,
      },
      headers,
      connections,
    },
    { ...listOf(reader), title: titles.listBare, path: `/${reader.userId}/tokens` },
  ];
}

function peersOf({ say, stock }: Bench): Entrant[] {
  const start = (name: string, args: string[]) => async () => {
    const { createDatabase } = await stock();
    const database = `${name.replaceAll("-", "_")}_changes`;
    return startPeer(say, name, { args, env: { DATABASE_URL: await createDatabase(database) } });
  };
  const administrator = "*:*.administrator-of-the-bench";
  return [
    {
      ...fetchJson({ cookie: "{value}", origin: "http://localhost" }, { name: "bench" }),
      ...{ title: titles.createBetterAuth, method: "POST", path: "/api/auth/api-key/create", status: 200, connections },
      server: start("better-auth", ["create", "1"]),
      isPeer: true,
      note: "better-auth 1.7.5 with @better-auth/api-key, by its own HTTP handler with a session's cookie, rate limits switched off. It writes no audit event, and its key gets no permissions, which only its server may give.",
    },
    {
      ...{ title: titles.listUnleash, path: "/api/admin/api-tokens", status: 200, connections },
      headers: { ...fetchHeaders, authorization: administrator },
      server: start("unleash", [String(unleashTokens - 1), administrator]),
      isPeer: true,
      note: "Unleash 6.10.1 has 25 tokens and lists all of them; it has no pages.",
    },
  ];
}

/** @throws Error when a run had no token left to change, since its answers cost less then. */
async function demandAllChanged(ids: { disable: string[]; enable: string[] }): Promise<void> {
  const text = "SELECT count(*)::int AS left FROM tokens WHERE id = ANY($1::uuid[]) AND enabled = $2";
  for (const [wanted, enabled] of [
    [ids.disable, true],
    [ids.enable, false],
  ] as const) {
    const { rows } = await pool().query(text, [wanted, enabled]);
    if (rows[0].left === 0)
      throw new Error(`There were fewer tokens to ${enabled ? "disable" : "enable"} than requests.`);
  }
}

/** Each row of Tessera before those that it is compared with. */
const inOrder = (rows: Row[]) => Object.values(titles).flatMap((title) => rows.filter((row) => row.title === title));
