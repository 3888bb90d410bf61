import fc from "fast-check";
import { expect, test } from "vitest";
import { queryPairs } from "./query-pairs";

/** What a request target can have: Node reads it as Latin-1. */
const query = fc.oneof(
  fc.string({ unit: fc.constantFrom(..."ab=&+%?/:;'\"<>#\\\t \u00E9\u00A0{|}2F0cE9"), maxLength: 30 }),
  fc
    .array(fc.tuple(fc.string({ unit: "binary" }), fc.string({ unit: "binary" })), { maxLength: 4 })
    .map((pairs) => new URLSearchParams(pairs).toString()),
  fc.uint8Array({ maxLength: 20 }).map((bytes) => `a=${[...bytes].map((byte) => `%${hex(byte)}`).join("")}`),
);
const hex = (byte: number) => byte.toString(16).padStart(2, "0");

test("the pairs of a query are those that a URL has", () => {
  fc.assert(
    fc.property(query, (text) => {
      expect([...queryPairs(text)]).toEqual([...new URL(`http://localhost/p?${text}`).searchParams]);
    }),
    {
      numRuns: 2_000,
      examples: [
        [""],
        ["?a=b"],
        ["&&a&=b&"],
        ["%EF%BB%BFa=%EF%BB%BF"],
        ["a=%zz&b=%ff"],
        ["a=%2B+%20"],
        ["a=%ED%A0%80"],
      ],
    },
  );
});
