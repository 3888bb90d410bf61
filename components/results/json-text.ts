/** Splits the text of a JSON array into the texts of its items. The text must be valid JSON. */
export function itemsOf(text: string): string[] {
  const items: string[] = [];
  for (let at = skipTo(text, "[", 0); text[at] !== "]"; at = skipSeparator(text, at)) {
    const end = endOfValue(text, at);
    items.push(text.slice(at, end));
    at = end;
  }
  return items;
}

/** Splits the text of a JSON object into its names and the texts of their values, in their order. It must be valid JSON. */
export function membersOf(text: string): [name: string, value: string][] {
  const members: [string, string][] = [];
  for (let at = skipTo(text, "{", 0); text[at] !== "}"; at = skipSeparator(text, at)) {
    const colon = endOfValue(text, at);
    const name: string = JSON.parse(text.slice(at, colon));
    const from = skipTo(text, ":", colon);
    const end = endOfValue(text, from);
    members.push([name, text.slice(from, end)]);
    at = end;
  }
  return members;
}

const space = /\s*/y;

function skipSpace(text: string, from: number): number {
  space.lastIndex = from;
  space.test(text);
  return space.lastIndex;
}

/** The position after this sign and the space on both sides of it. */
function skipTo(text: string, sign: string, from: number): number {
  const at = skipSpace(text, from);
  if (text[at] !== sign) throw new SyntaxError(`The JSON has no ${sign} at ${at}.`);
  return skipSpace(text, at + 1);
}

function skipSeparator(text: string, from: number): number {
  const at = skipSpace(text, from);
  return text[at] === "," ? skipSpace(text, at + 1) : at;
}

const stringToken = /"[^"\\]*(?:\\.[^"\\]*)*"/y;
const plainToken = /[^\s,\]}]+/y;
const nestingSign = /["[\]{}]/g;

function endOfValue(text: string, from: number): number {
  if (text[from] === '"') return endOf(stringToken, text, from);
  if (text[from] !== "[" && text[from] !== "{") return endOf(plainToken, text, from);
  let depth = 0;
  let at = from;
  do {
    nestingSign.lastIndex = at;
    const sign = nestingSign.exec(text);
    if (!sign) throw new SyntaxError("The JSON ends too early.");
    at = sign[0] === '"' ? endOf(stringToken, text, sign.index) : sign.index + 1;
    if (sign[0] === "[" || sign[0] === "{") depth += 1;
    else if (sign[0] !== '"') depth -= 1;
  } while (depth > 0);
  return at;
}

function endOf(token: RegExp, text: string, from: number): number {
  token.lastIndex = from;
  if (!token.test(text)) throw new SyntaxError(`The JSON has no value at ${from}.`);
  return token.lastIndex;
}
