import type { AppParameter } from "@/lib/apps/schema";
import type { PublishedParameter } from "@/lib/workspaces/schema";
import { openingValues, ownValue, problemsOf, runParameters, type WrittenValues } from "../runs/parameter-values";

/** The form state of an app's parameters: which ones are hidden, and the text of each default. */
export interface ParameterChoices {
  hidden: string[];
  values: WrittenValues;
}

/** The initial form state: the app's settings, or all parameters shown with the workspace's defaults. */
export function openingChoices(
  published: readonly PublishedParameter[],
  own: readonly AppParameter[],
): ParameterChoices {
  const given = own.flatMap(({ name, default: value }) => (value === null ? [] : [[name, String(value)] as const]));
  return {
    hidden: own.filter(({ shown }) => !shown).map(({ name }) => name),
    values: openingValues(published, Object.fromEntries(given)),
  };
}

/** A shown parameter may have no default, because visitors enter it. A hidden one needs a value unless it is optional. */
export const asChosen = (parameter: PublishedParameter, hidden: boolean): PublishedParameter =>
  hidden || parameter.default !== null ? parameter : { ...parameter, optional: true };

/** The problems of the defaults, by parameter name. */
export function choiceProblems(
  published: readonly PublishedParameter[],
  { hidden, values }: ParameterChoices,
): Record<string, string> {
  const problems = problemsOf(
    published.map((parameter) => asChosen(parameter, hidden.includes(parameter.name))),
    values,
  );
  for (const { name, label } of published) {
    if (ownValue(problems, name) && ownValue(values, name)?.trim() === "")
      problems[name] = `${label} is hidden, so it needs a value.`;
  }
  return problems;
}

/** The choices for the API. A default that equals the workspace's is left out. */
export function appParametersOf(
  published: readonly PublishedParameter[],
  { hidden, values }: ParameterChoices,
): AppParameter[] {
  const typed = runParameters(published, values);
  return published.map(({ name, default: usual }) => {
    const own = ownValue(typed, name);
    return { name, shown: !hidden.includes(name), default: own === undefined || own === usual ? null : own };
  });
}
