/**
 * Parses CSV (RFC 4180: quotes are doubled inside quotes, lines end with CR LF or LF). An empty value is null, and `""` is
 * empty text. An empty text has no records.
 */
export function parseCsv(text: string): (string | null)[][] {
  const records: (string | null)[][] = [];
  let record: (string | null)[] = [];
  let from = 0;
  while (from < text.length) {
    const { value, end } = text[from] === '"' ? readQuoted(text, from) : readBare(text, from);
    record.push(value);
    from = end;
    if (text[from] === ",") {
      from += 1;
      // A comma that ends the text is followed by one more, empty value.
      if (from < text.length) continue;
      record.push(null);
    }
    if (text[from] === "\r") from += 1;
    if (text[from] === "\n") from += 1;
    records.push(record);
    record = [];
  }
  return records;
}

function readBare(text: string, from: number): { value: string | null; end: number } {
  let end = from;
  while (end < text.length && text[end] !== "," && text[end] !== "\n" && text[end] !== "\r") end += 1;
  return { value: end === from ? null : text.slice(from, end), end };
}

function readQuoted(text: string, from: number): { value: string; end: number } {
  let value = "";
  let start = from + 1;
  for (;;) {
    const quote = text.indexOf('"', start);
    if (quote === -1) return { value: value + text.slice(start), end: text.length };
    value += text.slice(start, quote);
    if (text[quote + 1] !== '"') return { value, end: quote + 1 };
    value += '"';
    start = quote + 2;
  }
}
