import { randomUUID } from "node:crypto";
import { Refusal } from "../errors";
import { isStorable } from "../text";

const depthMax = 32;
const valuesMax = 20_000;

/** Whole numbers beyond 2^53 become a BigInt. Refuses `invalid`, with the field, for deep nesting, the key `__proto__`
 * and text that PostgreSQL cannot store, and for more values than any request needs. */
export function parseJson(text: string): unknown {
  const { longIntegers, crowdedField } = surveyJson(text);
  if (crowdedField !== null) throw refusal(crowdedField, `has more than ${valuesMax} values`);
  const plain = parseOrRefuse(text);
  demandSafe(plain, []);
  return longIntegers.length === 0 ? plain : JSON.parse(markIntegers(text, longIntegers), restoreInteger);
}

function parseOrRefuse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal("invalid", "The body is not valid JSON.");
  }
}

function demandSafe(value: unknown, path: readonly string[]): void {
  if (!isStorable(value)) throw refusal(path, "contains a character that is not allowed in text");
  if (typeof value !== "object" || value === null) return;
  if (path.length >= depthMax) throw refusal(path.slice(0, 1), `is nested deeper than ${depthMax} levels`);
  for (const [key, item] of Object.entries(value)) {
    if (key === "__proto__") throw refusal([...path, key], "is not an allowed field name");
    if (!isStorable(key)) throw refusal(path, "has a field name with a character that is not allowed in text");
    demandSafe(item, [...path, key]);
  }
}

function refusal(path: readonly string[], predicate: string) {
  const field = path.join(".") || undefined;
  return new Refusal("invalid", `${field ?? "The body"} ${predicate}.`, { field });
}

interface Span {
  start: number;
  end: number;
}

/** One pass without regular expressions, in linear time. `crowdedField` is the path with too many values. */
function surveyJson(text: string): { longIntegers: Span[]; crowdedField: string[] | null } {
  const longIntegers: Span[] = [];
  let [depth, separators] = [0, 0];
  let field: Span = { start: 0, end: 0 };
  for (let at = 0; at < text.length; at++) {
    if (text.charCodeAt(at) > 127) continue;
    const sign = text[at] ?? "";
    if (sign === '"') {
      const span = { start: at + 1, end: endOfString(text, at) };
      if (depth === 1 && text[span.end + 1] === ":") field = span;
      at = span.end;
    } else if (numberSigns.has(sign)) {
      const span = { start: at, end: endOfNumber(text, at) };
      if (isLongInteger(text, span)) longIntegers.push(span);
      // Separators stand between all values of valid JSON, so JSON.parse refuses the rest without a survey.
      if (longIntegers.length > separators + 1) break;
      at = span.end - 1;
    } else {
      if (sign === "," || sign === "[" || sign === "{") separators++;
      if (separators > valuesMax)
        return { longIntegers, crowdedField: [text.slice(field.start, field.end)].filter(Boolean) };
      if (sign === "[" || sign === "{") depth++;
      else if (sign === "]" || sign === "}") depth--;
    }
  }
  return { longIntegers, crowdedField: null };
}

function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === "\\") backslashes++;
    if (backslashes % 2 === 0) return end;
  }
  return text.length;
}

const numberSigns = new Set("-+.eE0123456789");

function endOfNumber(text: string, start: number): number {
  let end = start;
  while (numberSigns.has(text[end] ?? "")) end++;
  return end;
}

/** Longer ones than of 40 digits stay numbers: nothing takes them, and converting them takes time. */
const isLongInteger = (text: string, { start, end }: Span) =>
  end - start >= 16 &&
  end - start <= 41 &&
  /^-?[1-9]\d{15,}$/.test(text.slice(start, end)) &&
  !Number.isSafeInteger(Number(text.slice(start, end)));

/** No client can guess it. */
const mark = randomUUID();

function markIntegers(text: string, spans: readonly Span[]): string {
  let kept = 0;
  const pieces = spans.flatMap(({ start, end }) => {
    const before = text.slice(kept, start);
    kept = end;
    return [before, `"${mark}${text.slice(start, end)}"`];
  });
  return [...pieces, text.slice(kept)].join("");
}

const restoreInteger = (_key: string, value: unknown) =>
  typeof value === "string" && value.startsWith(mark) ? BigInt(value.slice(mark.length)) : value;
