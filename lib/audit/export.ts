import type { AdministeredEventView } from "./schema";

const encoder = new TextEncoder();

/** Streams events as one JSON array. */
export async function* eventsAsJson(parts: AsyncIterable<AdministeredEventView[]>): AsyncGenerator<Uint8Array> {
  let opening = "[\n";
  for await (const events of parts) {
    yield encoder.encode(opening + events.map((event) => JSON.stringify(event)).join(",\n"));
    opening = ",\n";
  }
  yield encoder.encode(opening === "[\n" ? "[]\n" : "\n]\n");
}

/** Streams events as CSV (RFC 4180) with a header. `before` and `after` are cells of JSON. */
export async function* eventsAsCsv(parts: AsyncIterable<AdministeredEventView[]>): AsyncGenerator<Uint8Array> {
  yield encoder.encode(line(Object.keys(columns)));
  for await (const events of parts) {
    const values = Object.values(columns);
    yield encoder.encode(events.map((event) => line(values.map((valueIn) => valueIn(event)))).join(""));
  }
}

const columns: Record<string, (event: AdministeredEventView) => string | null> = {
  id: ({ id }) => id,
  at: ({ at }) => at,
  action: ({ action }) => action,
  by: ({ by }) => by.userName,
  "with token": ({ by }) => by.tokenName,
  address: ({ address }) => address,
  agent: ({ agent }) => agent,
  type: ({ subject }) => subject.type,
  subject: ({ subject }) => subject.name,
  before: ({ before }) => before && JSON.stringify(before),
  after: ({ after }) => after && JSON.stringify(after),
};

const line = (values: (string | null)[]) => `${values.map((value) => cell(value ?? "")).join(",")}\r\n`;

/** Spreadsheets run text that begins with one of these characters as a formula, and people choose the names, so an
 * apostrophe in front makes it text (OWASP, CSV injection). */
export function cell(text: string): string {
  const harmless = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/u.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) || harmless !== text ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
