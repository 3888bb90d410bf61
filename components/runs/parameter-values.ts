import { coerce, convert, textLengthMax } from "@/lib/workspaces/parameter-rules";
import type { ParameterValue, PublishedParameter } from "@/lib/workspaces/schema";

/** The texts in the form by parameter name. The text of a checkbox is `true` or `false`. */
export type WrittenValues = Record<string, string>;

/** The value of a name in a record, but not what every object inherits: a parameter can be called `toString`. */
export const ownValue = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;

/** The initial texts of the form: from the URL, else the published defaults, else empty. */
export function openingValues(
  parameters: readonly PublishedParameter[],
  given: Record<string, string | undefined>,
): WrittenValues {
  return Object.fromEntries(parameters.map((parameter) => [parameter.name, openingValue(parameter, given)]));
}

function openingValue(parameter: PublishedParameter, given: Record<string, string | undefined>): string {
  const defaultValue = parameter.default ?? (parameter.type === "boolean" && !parameter.optional ? false : "");
  return ownValue(given, parameter.name) ?? String(defaultValue);
}

/** Finds the errors of the values, as sentences by parameter name. The server checks the values again. */
export function problemsOf(parameters: readonly PublishedParameter[], values: WrittenValues): Record<string, string> {
  const problems = parameters.map((parameter) => [
    parameter.name,
    problemOf(parameter, ownValue(values, parameter.name) ?? ""),
  ]);
  return Object.fromEntries(problems.filter(([, problem]) => problem !== null));
}

function problemOf(parameter: PublishedParameter, written: string): string | null {
  if (isEmpty(parameter, written)) {
    const mayBeEmpty = parameter.optional || parameter.default !== null;
    return mayBeEmpty ? null : `${parameter.label} is required.`;
  }
  return coerce(parameter, contentOf(parameter, written)) === null ? ruleOf(parameter) : null;
}

/** Removes surrounding space if it has no meaning for the type. */
const contentOf = ({ type }: PublishedParameter, written: string) =>
  type === "text" || type === "choice" ? written : written.trim();

/** A field with only spaces is empty, unless the parameter is a choice: there the spaces, or nothing, may be an option. */
const isEmpty = (parameter: PublishedParameter, written: string) =>
  parameter.type === "choice" ? written === "" && convert(parameter, "") === null : written.trim() === "";

/** Describes the rule of a parameter: "Radius in km must be a number from 1 to 20100." */
function ruleOf(parameter: PublishedParameter): string {
  const range = rangeOf(parameter);
  return `${parameter.label} must be ${nouns[parameter.type]}${range && ` ${range}`}.`;
}

const nouns = {
  text: `text of at most ${textLengthMax} characters`,
  integer: "a whole number",
  number: "a number",
  choice: "one of the options",
  boolean: "yes or no",
  date: "a date like 2026-01-31",
};

/** Describes a range: "from 1 to 20100", "from 1 on", "up to 20100", or empty. */
export function rangeOf({ min, max }: Pick<PublishedParameter, "min" | "max">): string {
  if (min !== null && max !== null) return `from ${min} to ${max}`;
  if (min !== null) return `from ${min} on`;
  return max === null ? "" : `up to ${max}`;
}

/** Converts the texts to the declared types, as the API expects them. Empty fields are left out. */
export function runParameters(
  parameters: readonly PublishedParameter[],
  values: WrittenValues,
): Record<string, ParameterValue> {
  return Object.fromEntries(
    parameters.flatMap((parameter) => {
      const written = ownValue(values, parameter.name) ?? "";
      const meansEmptyText = parameter.type === "text" && parameter.default !== null;
      if (isEmpty(parameter, written) && !meansEmptyText) return [];
      const text = contentOf(parameter, written);
      return [[parameter.name, convert(parameter, text) ?? text]];
    }),
  );
}
