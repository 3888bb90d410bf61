import fc from "fast-check";
import { expect, test } from "vitest";
import { isStorable } from "../text";
import { parseJson } from "./json";

test("JSON is read as JavaScript reads it, except for integers beyond 2^53, which keep their digits", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), fc.bigInt({ min: -(2n ** 100n), max: 2n ** 100n }), (value, integer) => {
      const text = JSON.stringify(value);
      // What is refused.
      fc.pre(isStorable(text) && !/\\u(0000|d[89a-f])|"__proto__":/i.test(text));
      const expected = Number.isSafeInteger(Number(integer)) ? Number(integer) : integer;
      expect(parseJson(`{"value": ${text}, "list": [ ${integer},${integer}]}`)).toEqual({
        value: JSON.parse(text, (_, part) =>
          typeof part === "number" && Math.abs(part) > 2 ** 53 && /^-?\d+$/.test(JSON.stringify(part))
            ? BigInt(JSON.stringify(part))
            : part,
        ),
        list: [expected, expected],
      });
    }),
  );
});

test.each([
  [
    '{"a": "12345678901234567890", "b\\"": 12345678901234567890}',
    { a: "12345678901234567890", 'b"': 12345678901234567890n },
  ],
  ["-9223372036854775808", -9223372036854775808n],
  ["9007199254740991", 9007199254740991],
  ["12345678901234567890.5", 12345678901234567000],
  ["1e20", 1e20],
  ["1".repeat(400), Number.POSITIVE_INFINITY],
])("%.60s", (text, expected) => {
  expect(parseJson(text)).toEqual(expected);
});

test.each([
  ["{12345678901234567890: 1}", /not valid JSON/],
  ["[012345678901234567890]", /not valid JSON/],
  ["[12345678901234567890", /not valid JSON/],
  ['"12345678901234567890', /not valid JSON/],
  ["[12345678901234567890]]", /not valid JSON/],
  [`[${"1,".repeat(20_001)}1]`, /^The body has more than 20000 values\.$/],
  [`{"a": [1], "b":{"c":[${"1,".repeat(20_001)}1]}}`, /^b has more than 20000 values\.$/],
])("%.40s is refused", (text, sentence) => {
  expect(() => parseJson(text)).toThrow(sentence);
});
