import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { announcedSha256, sha256Digest } from "./digests";
import { storedFileAnswer } from "./file-answer";
import { isStrictlyListed, requestedRange } from "./ranges";

const content = Buffer.from(Array.from({ length: 500 }, (_, index) => index % 251));

function ask(headers: Record<string, string>, bytes = content.length) {
  const read = async function* ({ start, end } = { start: 0, end: bytes }) {
    for (let at = start; at < end; at += 64) yield content.subarray(at, Math.min(at + 64, end));
  };
  const file = { mediaType: "text/csv", fileName: "levels.csv", disposition: "attachment" } as const;
  return storedFileAnswer(new Request("http://localhost/x", { headers }), { ...file, bytes, tag: '"now"', read });
}

const bodyOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

test("a range is answered with exactly its bytes, or refused when the file has none of them", async () => {
  const number = fc.option(fc.nat(700), { nil: null });
  await fc.assert(
    fc.asyncProperty(number, number, fc.nat(500), async (first, last, bytes) => {
      const header = `bytes=${first ?? ""}-${last ?? ""}`;
      const isRange = first !== null ? last === null || last >= first : last !== null;
      const from = first ?? Math.max(0, bytes - (last ?? 0));
      const expected = content.subarray(0, bytes).subarray(from, first === null || last === null ? bytes : last + 1);
      if (!isRange) {
        expect(ask({ range: header }, bytes).status).toBe(200);
      } else if (expected.length === 0) {
        expect(() => ask({ range: header }, bytes)).toThrow(
          expect.objectContaining({ code: "no-such-range", headers: { "Content-Range": `bytes */${bytes}` } }),
        );
      } else {
        const response = ask({ range: header }, bytes);
        expect(response.status).toBe(206);
        expect(response.headers.get("content-range")).toBe(`bytes ${from}-${from + expected.length - 1}/${bytes}`);
        expect(response.headers.get("content-length")).toBe(String(expected.length));
        expect((await bodyOf(response)).equals(expected)).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});

test.each(["bytes=0-1,4-5", "bytes=", "bytes=-", "bytes=5", "lines=0-1", "bytes=a-b", "bytes=5-2", "bytes 0-1", ""])(
  "%j is no range, so the whole is answered",
  (header) => expect(requestedRange(header, 10)).toBeNull(),
);

describe("a condition", () => {
  const range = "bytes=10-19";

  test("If-Range gives the range of the same file, and the whole of another", async () => {
    expect(ask({ range, "if-range": '"now"' }).status).toBe(206);
    for (const other of ['"before"', 'W/"now"', "Wed, 21 Oct 2026 07:28:00 GMT"]) {
      const response = ask({ range, "if-range": other });
      expect([response.status, (await bodyOf(response)).length]).toEqual([200, 500]);
    }
  });

  test("the tag of what may be compressed is weak, and continues no download", () => {
    const gzip = { "accept-encoding": "gzip" };
    expect(ask({}).headers.get("etag")).toBe('"now"');
    expect(ask({ ...gzip, range }).headers.get("etag")).toBe('"now"');
    expect(ask(gzip).headers.get("etag")).toBe('W/"now"');
    expect(ask({ ...gzip, "if-none-match": 'W/"now"' }).status).toBe(304);
    expect(ask({ range, "if-range": 'W/"now"' }).status).toBe(200);
  });

  test("If-Match refuses another file, and every weak tag", () => {
    for (const tags of ["*", '"now"', '"before", "now"']) expect(ask({ "if-match": tags }).status).toBe(200);
    for (const tags of ['"before"', 'W/"now"', "now"]) {
      expect(() => ask({ "if-match": tags, range })).toThrow(expect.objectContaining({ code: "precondition-failed" }));
    }
  });

  test("If-None-Match is answered 304 for the same file", () => {
    for (const tags of ['"now"', 'W/"now"', '"before", "now"', "*"])
      expect(ask({ "if-none-match": tags }).status).toBe(304);
    expect(ask({ "if-none-match": '"before"' }).status).toBe(200);
  });
});

test("If-Match names a tag among others, or any, and a weak tag never", () => {
  for (const header of ['"this"', '"that", "this"', "*", " * "]) expect(isStrictlyListed(header, '"this"')).toBe(true);
  for (const header of ['W/"this"', '"that"', "this", ""]) expect(isStrictlyListed(header, '"this"')).toBe(false);
});

describe("an announced digest", () => {
  const hex = "a".repeat(64);
  const announced = (value: string) => announcedSha256(new Headers({ "repr-digest": value }), ["repr-digest"]);

  test("is read among others", () => {
    expect(announced(sha256Digest(hex))).toBe(hex);
    expect(announced(`sha-512=:AAAA:, ${sha256Digest(hex)}`)).toBe(hex);
    expect(announced("sha-512=:AAAA:")).toBeNull();
    expect(announcedSha256(new Headers(), ["repr-digest"])).toBeNull();
  });

  test.each(["sha-256=abc", "sha-256=:abc:", "sha-256=", `sha-256=:${"A".repeat(88)}:`])("%s is refused", (value) => {
    expect(() => announced(value)).toThrow(expect.objectContaining({ code: "invalid", field: "repr-digest" }));
  });
});
