import { invalid } from "../errors";
import { coerce, convert, ruleSentence } from "./parameter-rules";
import type { ParameterValue, PublishedParameter } from "./schema";

/** For each parameter the given value, else its default, else null if it is optional. A given null counts as not given,
 * and so does empty text where it is no value of the type.
 * Refuses `invalid` on `parameters.<NAME>` for an unknown, missing or wrong value. */
export function runValues(
  parameters: readonly PublishedParameter[],
  given: Record<string, ParameterValue | null>,
): Record<string, ParameterValue | null> {
  const givenValues = new Map(Object.entries(given));
  const unknown = [...givenValues.keys()].find((name) => !parameters.some((parameter) => parameter.name === name));
  if (unknown !== undefined) throw invalid(`parameters.${unknown}`, unknownSentence(unknown, parameters));
  return Object.fromEntries(
    parameters.map((parameter) => [parameter.name, runValue(parameter, givenValues.get(parameter.name) ?? null)]),
  );
}

function runValue(parameter: PublishedParameter, given: ParameterValue | null): ParameterValue | null {
  const isAbsent = given === null || (given === "" && convert(parameter, given) === null);
  if (!isAbsent) {
    const value = coerce(parameter, given);
    if (value === null) throw invalid(`parameters.${parameter.name}`, ruleSentence(parameter));
    return value;
  }
  if (parameter.default !== null) return parameter.default;
  if (parameter.optional) return null;
  throw invalid(`parameters.${parameter.name}`, `${parameter.name} is missing. ${ruleSentence(parameter)}`);
}

function unknownSentence(name: string, parameters: readonly PublishedParameter[]): string {
  const known = parameters.map((parameter) => parameter.name).join(", ");
  return `There is no parameter ${name}. ${known ? `Available: ${known}` : "This workspace has none"}.`;
}
