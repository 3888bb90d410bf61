import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, describe, expect, test, vi } from "vitest";
import { parseDocument } from "yaml";
import { z } from "zod";
import { operations } from "@/e2e/api/operations";
import { cookiesOf } from "@/lib/auth/cookies";
import { credentialOf, fromAuthorization } from "@/lib/auth/credentials";
import { requesterOf } from "@/lib/auth/requester";
import { returnPath, returnPathOf } from "@/lib/auth/return-path";
import { checkSource, runQuery } from "@/lib/engine/run";
import { demandedPermission } from "@/lib/front/authorize-rules";
import { clientIp, networkList } from "@/lib/front/client-ip";
import { pathPattern } from "@/lib/front/path-pattern";
import { appPageOf } from "@/lib/front/security-headers";
import { parseJson } from "@/lib/http/json";
import type { Operation } from "@/lib/http/operation";
import { readBody } from "@/lib/http/request-body";
import { readQuery } from "@/lib/http/request-input";
import { parseInput } from "@/lib/http/validation";
import { decodeCursor } from "@/lib/paging";
import { parsePermission } from "@/lib/permissions/catalog";
import { containsText } from "@/lib/search";
import { sanitizeSearch } from "@/lib/text";
import { deviceName } from "@/lib/tokens/device";
import { whereMatching } from "@/lib/tokens/filter";
import { parseValue } from "@/lib/tokens/value";
import { isGuessable } from "@/lib/users/guessable";
import { describeWorkspace, splitSource } from "@/lib/workspaces/file";
import { convert } from "@/lib/workspaces/parameter-rules";
import { runValues } from "@/lib/workspaces/run-values";
import { type PublishedParameter, parameterTypes } from "@/lib/workspaces/schema";

// Everything that reads what strangers write gets its worst input, and may hold the process for at most 50 ms.

vi.setConfig({ testTimeout: 120_000 });

const heldMsMax = 50;
const size = 1_000_000;
/** Node refuses a request whose line and headers are longer. */
const headerSize = 16_384;

const folder = await mkdtemp(join(tmpdir(), "tessera-worst-"));
afterAll(() => rm(folder, { recursive: true }));
const rules = join(folder, "rules.yaml");
await writeFile(
  rules,
  "- { path: /a/**/b/**/c/**/d, permission: jobs:access }\n- { path: /*a*a*a*b, permission: jobs:access }\n",
);
vi.stubEnv("TESSERA_AUTHORIZE_RULES", rules);

/** The least of several attempts, since other programs on the machine only add to it. */
async function heldMs(parse: () => unknown): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 4 && least >= heldMsMax; attempt++) least = Math.min(least, await heldOnceMs(parse));
  return least;
}

/** The longest delay of the event loop, or the longest time of the processor between two of its turns if that is less: on
 * a busy machine, a thread that waits for its turn delays the loop too. */
async function heldOnceMs(parse: () => unknown): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await pause(5);
  let longest = 0;
  let last = threadMs();
  const turns = setInterval(() => {
    const now = threadMs();
    longest = Math.max(longest, now - last);
    last = now;
  }, 1);
  try {
    await parse();
  } catch {
    // A refusal is a good answer. Only its time counts here.
  }
  await pause(5);
  clearInterval(turns);
  delay.disable();
  return Math.min(delay.max / 1e6, longest);
}

/** Linux counts what this thread has run, in nanoseconds. */
function threadMs(): number {
  if (process.platform !== "linux") return performance.now();
  return Number(readFileSync("/proc/thread-self/schedstat", "utf8").split(" ")[0]) / 1e6;
}

const fill = (piece: string, length: number) => piece.repeat(Math.ceil(length / piece.length)).slice(0, length);

const pieces = [
  "a",
  "0",
  " ",
  "\t",
  "\n",
  "\r\n",
  ".",
  "-",
  "/",
  "/a",
  "\\",
  '"',
  "'",
  ";",
  ",",
  "*",
  "a ",
  "a.",
  "a-",
  "a@",
  "a=1&",
];
const others = [
  "%41",
  "%",
  "é",
  "\u0301",
  "😀",
  "\ud800",
  "[",
  "{",
  '{"a":',
  "[1,",
  "1e",
  "tsa_",
  "Bearer ",
  "Version/1 ",
  "; a=1",
];

/** Each ends in a character that most patterns do not end in, so that they try everything. */
const worstTexts = (length: number) =>
  [...pieces, ...others].flatMap((piece) => [fill(piece, length), `a${fill(piece, length - 2)}\0`]);

test("the measure tells a parser that holds the process from one that does not", async () => {
  const keys = Array.from({ length: 5_000 }, (_, index) => `k${index}: 1`).join("\n");
  expect(await heldOnceMs(() => parseDocument(keys))).toBeGreaterThan(heldMsMax);
  expect(await heldMs(() => pause(100))).toBeLessThan(heldMsMax);
});

const published = (type: PublishedParameter["type"], name = "X"): PublishedParameter => ({
  name,
  type,
  label: name,
  description: "",
  default: null,
  optional: true,
  options: type === "choice" ? Array.from({ length: 1000 }, (_, index) => ({ value: `a${index}`, label: "" })) : null,
  min: null,
  max: null,
});

const request = (headers: Record<string, string>) => ({ headers: new Headers(headers), url: "http://localhost/" });

const trusted = networkList(["127.0.0.0/8"]);

describe("texts", () => {
  const parsers: [name: string, parse: (text: string) => unknown, length: number][] = [
    ["a JSON body", parseJson, size],
    ["a cursor", (text) => decodeCursor(text, z.tuple([z.string(), z.string()])), size],
    ["a cursor of text", (text) => decodeCursor(Buffer.from(text).toString("base64url"), z.tuple([z.string()])), size],
    ["a workspace", (text) => splitSource(`/*---\n${text}\n---*/${text}`), size / 2],
    ["a workspace without an end", (text) => splitSource(`/*---\n${text}`), size],
    ["the value of a token", parseValue, size],
    ["a permission", parsePermission, size],
    ["the name of a permission", (text) => demandedPermission(text, {}), headerSize],
    ["a forwarded path", (text) => demandedPermission(undefined, { "x-original-uri": text }), headerSize],
    ["a pattern of paths", (text) => pathPattern("/**a**b**/*c*").test(text), headerSize],
    ["a search", (text) => whereMatching({ state: undefined, q: text }, new Date()), headerSize],
    ["a search in the URL", sanitizeSearch, size],
    ["a part of a name", containsText, headerSize],
    ["a user agent", deviceName, headerSize],
    ["the address of a client", (text) => clientIp("127.0.0.1", text, trusted), headerSize],
    [
      "addresses of proxies",
      (text) => clientIp("127.0.0.1", `${fill("127.0.0.1,", headerSize)}${text}`, trusted),
      headerSize,
    ],
    ["the path to return to", returnPath, size],
    ["the URL to return to", (text) => returnPathOf({ callbackUrl: `http://${text}` }), size],
    ["an Authorization header", fromAuthorization, headerSize],
    ["the page of an app", appPageOf, headerSize],
    ["a password", (text) => isGuessable(text.slice(0, 128), [text.slice(0, 100), text.slice(0, 100)]), size],
    ...parameterTypes.map((type): [string, (text: string) => unknown, number] => [
      `a parameter of the type ${type}`,
      (text) => convert(published(type), text),
      size,
    ]),
  ];

  test.each(parsers)("%s", async (_, parse, length) => {
    for (const text of worstTexts(length)) {
      expect(await heldMs(() => parse(text)), JSON.stringify(text.slice(0, 12))).toBeLessThan(heldMsMax);
    }
  });

  test("headers", async () => {
    for (const text of worstTexts(headerSize)) {
      const value = text.replaceAll(/[^\x20-\x7e]/g, "x");
      const read = () => {
        cookiesOf(new Headers({ cookie: value }));
        requesterOf(new Headers({ "user-agent": value }));
        credentialOf(request({ authorization: value, cookie: value }));
      };
      expect(await heldMs(read), JSON.stringify(text.slice(0, 12))).toBeLessThan(heldMsMax);
    }
  });
});

const many = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index));

const worstJson = [
  `[${fill("1,", size)}1]`,
  `[${fill('"",', size)}1]`,
  `[${fill("[],", size)}1]`,
  `[${fill("{},", size)}1]`,
  `{${many(80_000, (index) => `"k${index}":1`).join(",")}}`,
  `{${many(19_000, (index) => `"k${index}":"${fill("x", 40)}"`).join(",")}}`,
  `[${many(19_000, (index) => `123456789012345678901234567890${index}`).join(",")}]`,
  `{"a":"${fill("\\u0041", size)}"}`,
  `{"a":"${fill("\\\\", size)}"}`,
  `{"a":"${fill('\\"', size)}"}`,
  `{"a":${fill("1", size)}}`,
  `{"a":1${fill("0", size)}e${fill("9", 1000)}}`,
  `${fill('{"a":', size)}1`,
  `${fill("[", size)}`,
  fill("12345678901234567 ", size),
  fill('"12345678901234567"', size),
];

test("JSON bodies", async () => {
  for (const text of worstJson) expect(await heldMs(() => parseJson(text)), text.slice(0, 20)).toBeLessThan(heldMsMax);
});

/** The parts of a schema that take text by themselves, with all their patterns and conversions. */
function textSchemas(schema: z.ZodType, seen = new Set<z.ZodType>()): z.ZodType[] {
  if (seen.has(schema)) return [];
  seen.add(schema);
  const { def } = schema as unknown as { def: Record<string, unknown> };
  const inner = [def.innerType, def.element, def.keyType, def.valueType, ...((def.options as unknown[]) ?? [])];
  const fields = def.type === "object" ? Object.values(def.shape as object) : [];
  const nested = [...inner, ...fields].filter((each): each is z.ZodType => each instanceof z.ZodType);
  return [...(def.type === "object" ? [] : [schema]), ...nested.flatMap((each) => textSchemas(each, seen))];
}

test("every text that an operation takes", async () => {
  const schemas = new Set(
    [...operations.values()].flatMap(({ operation: { params, query, headers, body } }) =>
      [params, query, headers, body].flatMap((schema) => (schema ? textSchemas(schema) : [])),
    ),
  );
  expect(schemas.size).toBeGreaterThan(50);
  for (const text of worstTexts(size)) {
    for (const schema of schemas) {
      const started = performance.now();
      schema.safeParse(text);
      if (performance.now() - started < heldMsMax) continue;
      expect(await heldMs(() => schema.safeParse(text)), JSON.stringify(text.slice(0, 12))).toBeLessThan(heldMsMax);
    }
  }
});

test("bodies of every operation, with more fields than it has", async () => {
  const fields = Object.fromEntries(many(19_000, (index) => [`k${index}`, "x"]));
  const values = many(19_000, (index) => `x${index}`);
  for (const [name, { operation }] of operations) {
    const { body } = operation;
    if (!body) continue;
    const keys = body instanceof z.ZodObject ? Object.keys(body.shape) : [];
    const filled = (value: unknown) => Object.fromEntries(keys.map((key) => [key, value]));
    for (const given of [fields, values, filled(fields), filled(values)]) {
      expect(await heldMs(() => parseInput(body, given, "field")), name).toBeLessThan(heldMsMax);
    }
  }
});

test("forms and queries", async () => {
  const operation: Operation = {
    summary: "",
    bodyKind: "form",
    body: z.object({ token: z.string() }),
    query: z.object({ q: z.string() }),
    answers: {},
  };
  for (const text of [...worstTexts(size - 10), fill("a&", size), fill("&", size), fill("%F0%9F%98%80", size)]) {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const request = () => new Request("http://localhost/", { method: "POST", body: `token=${text}`, headers });
    const send = () => readBody(operation, request(), () => Promise.reject(new Error("Only streams ask again.")));
    expect(await heldMs(send), JSON.stringify(text.slice(0, 12))).toBeLessThan(heldMsMax);
    const url = `http://localhost/?q=${text.slice(0, headerSize)}`;
    expect(await heldMs(() => readQuery(operation, new URL(url).searchParams))).toBeLessThan(heldMsMax);
  }
});

test("values of a run, for as many parameters as a workspace can have", async () => {
  const parameters = many(100, (index) => published(index % 2 ? "choice" : "text", `P${index}`));
  const values = Object.fromEntries(parameters.map(({ name }) => [name, fill("x", size / 100)]));
  const strangers = Object.fromEntries(many(19_000, (index) => [`k${index}`, 1]));
  expect(await heldMs(() => runValues(parameters, values))).toBeLessThan(heldMsMax);
  expect(await heldMs(() => runValues(parameters, { ...values, ...strangers }))).toBeLessThan(heldMsMax);
});

const option = (index: number) => `{ value: a${index}, label: b }`;

test.each([
  [
    "13,000 keys",
    many(13_000, (index) => `${index}: 1`)
      .join("\n")
      .slice(0, 65_000),
  ],
  ["lists in lists", fill("[", 60_000)],
  ["maps in maps", `a: ${fill("{a: ", 60_000)}`],
  ["aliases", `a: &a [1]\nb: [${fill("*a,", 60_000)}]`],
  ["anchors", `a: [${fill("&a 1,", 60_000)}]`],
  ["quotation marks", `a: "${fill('\\"', 60_000)}"`],
  ["spaces", `a:${fill(" ", 60_000)}b`],
  ["tabs and comments", fill("a: b #\t\n", 60_000)],
  ["block texts", `a: |\n${fill(" x\n", 60_000)}`],
  [
    "as many options as it can have",
    `parameters: [{ name: X, type: choice, options: [${many(1_000, option).join(", ")}] }]`,
  ],
])("a header with %s", async (_, header) => {
  const parts = { header, headerLine: 1, sql: "SELECT 1" };
  const check = async () => {
    const checked = await checkSource(parts, folder);
    if ("header" in checked) describeWorkspace(checked.header, "");
  };
  expect(await heldMs(check)).toBeLessThan(heldMsMax);
});

test("a query of 1 MB, and what it makes the engine say", async () => {
  const check = (sql: string) => checkSource({ header: "title: A", headerLine: 1, sql }, folder);
  for (const sql of [
    `SELECT ${fill("$a,", size)}1`,
    `SELECT ${fill(";", size)}1`,
    `SELECT '${fill("x", size)}' 'y`,
    fill("(", size),
  ]) {
    expect(await heldMs(() => check(sql)), sql.slice(0, 12)).toBeLessThan(heldMsMax);
  }
  const limits = { memoryMb: 256, seconds: 60, outputMb: 1 };
  const order = {
    values: {},
    format: "json",
    folder,
    result: join(folder, "result"),
    limits,
    repositoryId: "",
  } as const;
  const loud = () => runQuery({ ...order, sql: "SELECT error(repeat('x', 50000000))" });
  expect(await heldMs(loud)).toBeLessThan(heldMsMax);
});
