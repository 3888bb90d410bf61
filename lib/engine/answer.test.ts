import fc from "fast-check";
import { expect, test } from "vitest";
import { parseMessage } from "./answer";

const known = [
  { ready: 80_000_000 },
  { begun: true },
  { log: "Started." },
  { rows: 0, bytes: 3 },
  { refused: { code: "sql", message: "The query is not valid.", line: 4 } },
  { header: null, lines: {}, query: { parameters: [{ name: "DAY", line: 3 }] } },
  { header: { title: "Rivers" }, lines: { title: 2 }, query: { refused: "The query is not valid.", line: 4 } },
];

test("what the engine's process sends is read as it is", () => {
  for (const message of known) expect(parseMessage(message)).toEqual(message);
});

test("any other value that its process may send is no message, and throws nothing", () => {
  const value = fc.anything({ withNullPrototype: true });
  const nearly = fc.record(
    { ready: value, begun: value, log: value, rows: value, bytes: value, refused: value, header: value, query: value },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(value, nearly), (received) => {
      const message = parseMessage(received);
      if (message !== null && "rows" in message) expect(Number.isInteger(message.rows + message.bytes)).toBe(true);
      if (message !== null && "refused" in message) expect(typeof message.refused.message).toBe("string");
      if (message !== null && "ready" in message) expect(Number.isInteger(message.ready)).toBe(true);
      if (message !== null && "log" in message) expect(typeof message.log).toBe("string");
    }),
  );
  for (const received of [undefined, null, 1, "log", [], {}, { rows: -1, bytes: 1 }, { rows: 1.5, bytes: 1 }]) {
    expect(parseMessage(received)).toBeNull();
  }
});
