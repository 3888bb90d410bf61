import { isStorable, normalizeText } from "../text";
import type { ParameterValue, PublishedParameter } from "./schema";

// Both the server and the forms in the browser apply these rules, so this file must not import server modules.

export type ValueRule = Pick<PublishedParameter, "name" | "type" | "options" | "min" | "max">;

export const textLengthMax = 65_536;

/** Converts a value to the parameter's type, also from text such as `"34.5"` for a number. Returns null when the value
 * breaks the rule that {@link ruleSentence} states. */
export function coerce(rule: ValueRule, given: ParameterValue): ParameterValue | null {
  if (rule.type === "integer" && typeof given === "number" && !Number.isSafeInteger(given)) return null;
  const value = convert(rule, String(given));
  return value !== null && isInRange(rule, value) ? value : null;
}

/** Converts text without checking its range. Returns null when the text is not a value of the type. */
export function convert({ type, options }: Pick<ValueRule, "type" | "options">, text: string): ParameterValue | null {
  switch (type) {
    case "text":
      return text.length <= textLengthMax && isStorable(text) ? text : null;
    case "choice":
      return text.length <= textLengthMax ? chosenValue(options, normalizeText(text)) : null;
    case "boolean":
      return text === "true" || text === "false" ? text === "true" : null;
    case "integer":
      return integerOf(text);
    case "number":
      return isDecimal(text) && Number.isFinite(Number(text)) ? Number(text) : null;
    case "date":
      return isCalendarDate(text) ? text : null;
  }
}

const chosenValue = (options: ValueRule["options"], text: string): string | null =>
  options?.find(({ value }) => normalizeText(value) === text)?.value ?? null;

/** A number of 64 bits. Beyond 2^53 it is text, because a JavaScript number would lose its last digits. */
function integerOf(text: string): number | string | null {
  if (!/^[+-]?\d{1,19}$/.test(text)) return null;
  const value = BigInt(text.replace("+", ""));
  if (value !== BigInt.asIntN(64, value)) return null;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

/** The length is limited and the pattern has one way to match each digit, so long input costs no time. */
const isDecimal = (text: string) => text.length <= 40 && /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?$/i.test(text);

/** JavaScript reads 30 February as 2 March; the calendar has no such day. */
function isCalendarDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function isInRange({ type, min, max }: ValueRule, value: ParameterValue): boolean {
  if (typeof value === "boolean") return true;
  return (min === null || isOrdered(type, min, value)) && (max === null || isOrdered(type, value, max));
}

/** Whether `a` is at most `b`, both of that type. */
export const isOrdered = (type: ValueRule["type"], a: number | string, b: number | string): boolean =>
  type === "integer" ? BigInt(a) <= BigInt(b) : a <= b;

/** States the rule for API clients: "RADIUS_KM must be a number from 1 to 20000." */
export function ruleSentence(rule: ValueRule): string {
  return `${rule.name} must be ${nounOf(rule)}${rangeOf(rule)}.`;
}

function nounOf({ type, options }: ValueRule): string {
  if (type === "choice") return `one of ${(options ?? []).map(({ value }) => value).join(", ")}`;
  return {
    text: `text of at most ${textLengthMax} characters`,
    integer: "a whole number",
    number: "a number",
    boolean: "true or false",
    date: "a date like 2026-01-31",
  }[type];
}

function rangeOf({ min, max }: ValueRule): string {
  if (min !== null && max !== null) return ` from ${min} to ${max}`;
  if (min !== null) return `, at least ${min}`;
  return max === null ? "" : `, at most ${max}`;
}
