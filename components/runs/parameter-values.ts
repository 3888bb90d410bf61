import type { ParameterValue, PublishedParameter } from "@/lib/workspaces/schema";

/** What is written in the form, by parameter name. Controls speak text; a checkbox says `true` or `false`. */
export type WrittenValues = Record<string, string>;

/** The form as it opens: what the address gives, else the published default, else empty. */
export function openingValues(
  parameters: readonly PublishedParameter[],
  given: Record<string, string | undefined>,
): WrittenValues {
  return Object.fromEntries(parameters.map((parameter) => [parameter.name, openingValue(parameter, given)]));
}

function openingValue(parameter: PublishedParameter, given: Record<string, string | undefined>): string {
  const usual = parameter.default ?? (parameter.type === "boolean" && !parameter.optional ? false : "");
  return given[parameter.name] ?? String(usual);
}

/** What is wrong with each value, for people; empty when the run may be sent. The server checks again and has the last word. */
export function problemsOf(parameters: readonly PublishedParameter[], values: WrittenValues): Record<string, string> {
  const problems = parameters.map((parameter) => [parameter.name, problemOf(parameter, values[parameter.name] ?? "")]);
  return Object.fromEntries(problems.filter(([, problem]) => problem !== null));
}

function problemOf(parameter: PublishedParameter, written: string): string | null {
  if (written.trim() === "") {
    const mayBeEmpty = parameter.optional || parameter.default !== null;
    return mayBeEmpty ? null : `${parameter.label} is needed.`;
  }
  return isOfType(parameter, written.trim()) && isInRange(parameter, written.trim()) ? null : ruleOf(parameter);
}

function isOfType({ type, options }: PublishedParameter, text: string): boolean {
  switch (type) {
    case "integer":
      return /^[+-]?\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text));
    case "number":
      return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(text) && Number.isFinite(Number(text));
    case "date":
      return isCalendarDate(text);
    case "choice":
      return options?.some((option) => option.value === text) ?? false;
    case "boolean":
      return text === "true" || text === "false";
    case "text":
      return true;
  }
}

/** JavaScript takes 30 February for 2 March; the calendar does not. */
function isCalendarDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function isInRange({ type, min, max }: PublishedParameter, text: string): boolean {
  const value = type === "date" ? text : Number(text);
  return (min === null || value >= min) && (max === null || value <= max);
}

/** The rule in words: "Radius in km must be a number from 1 to 20100." */
function ruleOf(parameter: PublishedParameter): string {
  const range = rangeOf(parameter);
  return `${parameter.label} must be ${nouns[parameter.type]}${range && ` ${range}`}.`;
}

const nouns = {
  text: "text",
  integer: "a whole number",
  number: "a number",
  choice: "one of the choices",
  boolean: "yes or no",
  date: "a date like 2026-01-31",
};

/** "from 1 to 20100", "from 1 on", "up to 20100", or nothing. */
export function rangeOf({ min, max }: Pick<PublishedParameter, "min" | "max">): string {
  if (min !== null && max !== null) return `from ${min} to ${max}`;
  if (min !== null) return `from ${min} on`;
  return max === null ? "" : `up to ${max}`;
}

/** The values as the API takes them, each of its declared type; what is left empty is not sent. */
export function runParameters(
  parameters: readonly PublishedParameter[],
  values: WrittenValues,
): Record<string, ParameterValue> {
  return Object.fromEntries(
    parameters.flatMap((parameter) => {
      const written = values[parameter.name] ?? "";
      const meansEmptyText = parameter.type === "text" && parameter.default !== null;
      return written.trim() === "" && !meansEmptyText ? [] : [[parameter.name, typed(parameter, written)]];
    }),
  );
}

function typed({ type }: PublishedParameter, written: string): ParameterValue {
  if (type === "text") return written;
  const text = written.trim();
  if (type === "boolean" && (text === "true" || text === "false")) return text === "true";
  const isNumeric = (type === "integer" || type === "number") && text !== "" && Number.isFinite(Number(text));
  return isNumeric ? Number(text) : text;
}
