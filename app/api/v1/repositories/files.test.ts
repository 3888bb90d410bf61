import { createHash, randomBytes } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { sha256Digest } from "@/lib/http/digests";
import { answerByRoute } from "@/testing/answer-by-route";
import { actorOf, introduceCast } from "@/testing/cast";
import { makeToken } from "@/testing/tokens";

let authorization: string;

beforeAll(async () => {
  process.env.TESSERA_FILE_MB = "3";
  await introduceCast(new Date());
  const { value } = await makeToken(await actorOf("ada", new Date()), { allPermissions: true });
  authorization = `Bearer ${value}`;
});

const files = "/api/v1/repositories/Rivers/files";

async function send(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: Uint8Array | ReadableStream,
) {
  const request = { method, headers: { authorization, ...headers }, body, duplex: "half" } as RequestInit;
  const response = await answerByRoute(new Request(`http://localhost:3000${path}`, request));
  const bytes = Buffer.from(await response.arrayBuffer());
  const isJson = response.headers.get("content-type")?.includes("json");
  return { status: response.status, headers: response.headers, bytes, json: isJson ? JSON.parse(String(bytes)) : null };
}

const append = (upload: string, offset: number, complete: boolean, bytes: Uint8Array) =>
  send(
    "PATCH",
    upload,
    {
      "content-type": "application/partial-upload",
      "upload-offset": String(offset),
      "upload-complete": complete ? "?1" : "?0",
    },
    bytes,
  );

const digestOf = (bytes: Uint8Array) => sha256Digest(createHash("sha256").update(bytes).digest("hex"));

test("a file says its SHA-256, and a part of it its range", async () => {
  const bytes = randomBytes(2_500_000);
  const put = await send("PUT", `${files}/levels.bin`, { "repr-digest": digestOf(bytes) }, bytes);
  expect(put.status).toBe(201);
  const whole = await send("GET", `${files}/levels.bin`);
  expect(whole.status).toBe(200);
  expect(whole.headers.get("etag")).toBe(`"${put.json.sha256}"`);
  expect(whole.headers.get("repr-digest")).toBe(digestOf(whole.bytes));
  expect(whole.headers.get("accept-ranges")).toBe("bytes");
  const part = await send("GET", `${files}/levels.bin`, { range: "bytes=1000000-" });
  expect([part.status, part.headers.get("content-range")]).toEqual([206, "bytes 1000000-2499999/2500000"]);
  expect(part.bytes.equals(bytes.subarray(1_000_000))).toBe(true);
  expect((await send("GET", `${files}/levels.bin`, { range: "bytes=2500000-" })).status).toBe(416);
  expect((await send("HEAD", `${files}/levels.bin`)).headers.get("content-length")).toBe("2500000");
});

test("a file with another SHA-256 than announced is refused", async () => {
  for (const name of ["repr-digest", "content-digest"]) {
    const wrong = await send("PUT", `${files}/wrong.bin`, { [name]: digestOf(randomBytes(1)) }, randomBytes(9));
    expect([wrong.status, wrong.json.field]).toEqual([400, "repr-digest"]);
  }
  expect((await send("GET", `${files}/wrong.bin`)).status).toBe(404);
});

test.each<[Record<string, string>, string]>([
  [{ "content-range": "bytes 0-8/20" }, "content-range"],
  [{ "upload-complete": "?1", "upload-length": "20" }, "upload-length"],
  [{ "upload-length": "20" }, "upload-length"],
])("a part of a file is not taken for the whole: %o", async (headers, field) => {
  const part = await send("PUT", `${files}/part.bin`, headers, randomBytes(9));
  expect([part.status, part.json.field]).toEqual([400, field]);
  expect((await send("GET", `${files}/part.bin`)).status).toBe(404);
});

test("an upload in parts has the offset, the limits and the answers of the draft", async () => {
  const bytes = randomBytes(2_000_000);
  const begin = { "upload-complete": "?0", "upload-length": "2000000", "repr-digest": digestOf(bytes) };
  const begun = await send("PUT", `${files}/parts.bin`, begin, bytes.subarray(0, 700_000));
  expect(begun.status).toBe(201);
  expect(begun.headers.get("upload-offset")).toBe("700000");
  expect(begun.headers.get("upload-limit")).toBe("max-size=3000000, max-age=86400");
  const upload = begun.headers.get("location") ?? "";
  const head = await send("HEAD", upload);
  expect(head.status).toBe(204);
  expect([..."complete offset length".split(" ")].map((name) => head.headers.get(`upload-${name}`))).toEqual([
    "?0",
    "700000",
    "2000000",
  ]);
  const wrong = await append(upload, 1, false, bytes.subarray(1, 9));
  expect([wrong.status, wrong.headers.get("upload-offset")]).toEqual([409, "700000"]);
  const middle = await append(upload, 700_000, false, bytes.subarray(700_000, 1_500_000));
  expect([middle.status, middle.headers.get("upload-offset")]).toEqual([204, "1500000"]);
  const last = await append(upload, 1_500_000, true, bytes.subarray(1_500_000));
  expect([last.status, last.headers.get("upload-complete"), last.headers.get("location")]).toEqual([
    201,
    "?1",
    `${files}/parts.bin`,
  ]);
  expect((await send("HEAD", upload)).headers.get("upload-complete")).toBe("?1");
  expect((await send("GET", `${files}/parts.bin`)).bytes.equals(bytes)).toBe(true);
  expect((await append(upload, 2_000_000, true, new Uint8Array())).status).toBe(409);
});

test.each([
  ["no offset", { "upload-complete": "?1" }, "upload-offset"],
  ["an offset in words", { "upload-complete": "?1", "upload-offset": "all" }, "upload-offset"],
  ["no completeness", { "upload-offset": "0" }, "upload-complete"],
  [
    "two sizes",
    { "upload-complete": "?1", "upload-offset": "0", "upload-length": "7", "content-length": "9" },
    "upload-length",
  ],
])("a part with %s is refused", async (_, headers, field) => {
  const begun = await send("PUT", `${files}/refused.bin`, { "upload-complete": "?0" });
  const type = { "content-type": "application/partial-upload" };
  const part = await send("PATCH", begun.headers.get("location") ?? "", { ...type, ...headers }, randomBytes(9));
  expect([part.status, part.json.field]).toEqual([400, field]);
});

test("a file over the limit is refused before it is read, and as soon as too much of it has arrived", async () => {
  const announced = await send("PUT", `${files}/big.bin`, { "content-length": "3000001" }, new Uint8Array(1));
  expect([announced.status, announced.json.limit]).toEqual([413, 3_000_000]);
  const part = { "upload-complete": "?0", "upload-length": "3000001" };
  expect((await send("PUT", `${files}/big.bin`, part)).status).toBe(413);
  const begun = await send("PUT", `${files}/big.bin`, { "upload-complete": "?0" });
  const appended = { ...part, "content-type": "application/partial-upload", "upload-offset": "0" };
  expect((await send("PATCH", begun.headers.get("location") ?? "", appended, new Uint8Array(1))).status).toBe(413);
  let sent = 0;
  const endless = new ReadableStream({
    pull(controller) {
      sent += 500_000;
      controller.enqueue(new Uint8Array(500_000));
    },
  });
  const streamed = await send("PUT", `${files}/big.bin`, {}, endless);
  expect([streamed.status, streamed.json.limit, streamed.headers.get("connection")]).toEqual([413, 3_000_000, "close"]);
  expect(sent).toBeLessThan(25_000_000);
  expect((await send("GET", `${files}/big.bin`)).status).toBe(404);
});

test("OPTIONS says that parts are taken, and up to which size", async () => {
  const { headers } = await send("OPTIONS", `${files}/any.bin`);
  expect([headers.get("accept-patch"), headers.get("upload-limit")]).toEqual([
    "application/partial-upload",
    "max-size=3000000, max-age=86400",
  ]);
});

test("If-None-Match refuses to replace a file, for each kind of upload, each spelling of its name, and in a race", async () => {
  const unless = { "if-none-match": "*" };
  const name = encodeURIComponent("Zürich.csv".normalize("NFC"));
  const decomposed = encodeURIComponent("Zürich.csv".normalize("NFD"));
  const first = await send("PUT", `${files}/${name}`, unless, Buffer.from("a\n1\n"));
  expect([first.status, first.json.detail]).toEqual([201, undefined]);
  for (const path of [`${files}/${name}`, `${files}/${decomposed}`]) {
    for (const headers of [
      unless,
      { ...unless, "upload-complete": "?0" },
      { "if-none-match": `"${first.json.sha256}"` },
    ]) {
      const { status, json } = await send("PUT", path, headers, Buffer.from("a\n2\n"));
      expect([status, json.title]).toEqual([412, "Precondition failed"]);
    }
  }
  expect((await send("GET", `${files}/${name}`)).bytes.toString()).toBe("a\n1\n");

  const race = Array.from({ length: 4 }, (_, n) => send("PUT", `${files}/race.csv`, unless, Buffer.from(`a\n${n}\n`)));
  const statuses = (await Promise.all(race)).map(({ status }) => status).sort();
  expect(statuses).toEqual([201, 412, 412, 412]);
  const other = { "if-none-match": '"another"' };
  expect((await send("PUT", `${files}/${name}`, other, Buffer.from("a\n3\n"))).status).toBe(200);
});

describe("If-Match", () => {
  const put = (path: string, text: string, headers: Record<string, string> = {}) =>
    send("PUT", path, headers, Buffer.from(text));

  test("refuses to replace, to remove and to download another file than the one that it names", async () => {
    const path = `${files}/matched.csv`;
    const tag = `"${(await put(path, "a\n1\n")).json.sha256}"`;
    for (const only of ['"another"', `W/${tag}`, "another"]) {
      const headers = { "if-match": only };
      expect((await put(path, "a\n2\n", headers)).status).toBe(412);
      expect((await put(path, "a\n2\n", { ...headers, "upload-complete": "?0" })).status).toBe(412);
      expect((await send("DELETE", path, headers)).status).toBe(412);
      expect((await send("GET", path, { ...headers, range: "bytes=0-1" })).status).toBe(412);
    }
    expect((await send("DELETE", path, { "if-none-match": tag })).status).toBe(412);
    expect((await send("GET", path, { "if-match": `"another", ${tag}` })).bytes.toString()).toBe("a\n1\n");
    expect((await put(path, "a\n2\n", { "if-match": `"another", ${tag}` })).status).toBe(200);
    expect((await put(path, "a\n3\n", { "if-match": "*" })).status).toBe(200);
    expect((await send("DELETE", path, { "if-match": "*" })).status).toBe(204);
    expect((await put(path, "a\n4\n", { "if-match": "*" })).status).toBe(412);
    expect((await send("GET", path)).status).toBe(404);
  });

  test("lets one of several replacements and removals at the same time through", async () => {
    const path = `${files}/contended.csv`;
    const headers = { "if-match": `"${(await put(path, "a\n1\n")).json.sha256}"` };
    const changes = Array.from({ length: 6 }, (_, n) =>
      n % 3 === 2 ? send("DELETE", path, headers) : put(path, `a\n${n + 10}\n`, headers),
    );
    const statuses = (await Promise.all(changes)).map(({ status }) => status);
    expect(statuses.filter((status) => status < 300)).toHaveLength(1);
    expect(statuses.filter((status) => status >= 300 && status !== 412 && status !== 404)).toEqual([]);
  });
});
