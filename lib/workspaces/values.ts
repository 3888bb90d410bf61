import { invalid } from "../errors";
import { isStorable } from "../fields";
import type { ParameterValue, PublishedParameter } from "./schema";

/**
 * The values of a run: what was given, else the default, else null where that is allowed. Text as forms send it is taken
 * for the declared type (`"34.5"` for a number).
 *
 * @param given by parameter name; null is the same as not given
 * @throws Refusal `invalid` on `parameters.<NAME>` for an unknown, missing or wrong one
 */
export function runValues(
  parameters: readonly PublishedParameter[],
  given: Record<string, ParameterValue | null>,
): Record<string, ParameterValue | null> {
  const asked = new Map(Object.entries(given));
  const unknown = [...asked.keys()].find((name) => !parameters.some((parameter) => parameter.name === name));
  if (unknown !== undefined) throw invalid(`parameters.${unknown}`, unknownSentence(unknown, parameters));
  return Object.fromEntries(
    parameters.map((parameter) => [parameter.name, runValue(parameter, asked.get(parameter.name) ?? null)]),
  );
}

function runValue(parameter: PublishedParameter, given: ParameterValue | null): ParameterValue | null {
  const absent = given === null || (given === "" && parameter.type !== "text");
  if (!absent) {
    const value = coerce(parameter, given);
    if (value === null) throw invalid(`parameters.${parameter.name}`, ruleSentence(parameter));
    return value;
  }
  if (parameter.default !== null) return parameter.default;
  if (parameter.optional) return null;
  throw invalid(`parameters.${parameter.name}`, `${parameter.name} is missing. ${ruleSentence(parameter)}`);
}

type ValueRule = Pick<PublishedParameter, "name" | "type" | "options" | "min" | "max">;

/** The value as the parameter's type has it, or null when it breaks the rule that {@link ruleSentence} tells. */
export function coerce(rule: ValueRule, given: ParameterValue): ParameterValue | null {
  const value = ofType(rule, given);
  if (value === null || typeof value === "boolean") return value;
  const tooSmall = rule.min !== null && value < rule.min;
  const tooLarge = rule.max !== null && value > rule.max;
  return tooSmall || tooLarge ? null : value;
}

function ofType({ type, options }: ValueRule, given: ParameterValue): ParameterValue | null {
  switch (type) {
    case "text":
      return isStorableText(String(given)) ? String(given) : null;
    case "choice":
      return options?.some(({ value }) => value === String(given)) ? String(given) : null;
    case "boolean":
      return /^(true|false)$/.test(String(given)) ? String(given) === "true" : null;
    case "integer":
      return /^[+-]?\d{1,16}$/.test(String(given)) && Number.isSafeInteger(Number(given)) ? Number(given) : null;
    case "number":
      return isDecimal(String(given)) && Number.isFinite(Number(given)) ? Number(given) : null;
    case "date":
      return isCalendarDate(String(given)) ? String(given) : null;
  }
}

const textLengthMax = 10_000;

const isStorableText = (text: string) => text.length <= textLengthMax && isStorable(text);

/** Each digit has one place in the pattern, and a number is short: long junk costs no time. */
const isDecimal = (text: string) => text.length <= 40 && /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?$/i.test(text);

function isCalendarDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** What a parameter may be, for people: "RADIUS_KM must be a number from 1 to 20000." */
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

function unknownSentence(name: string, parameters: readonly PublishedParameter[]): string {
  const known = parameters.map((parameter) => parameter.name).join(", ");
  return `There is no parameter ${name}; ${known ? `there are ${known}` : "this workspace has none"}.`;
}
