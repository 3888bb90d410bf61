import type { AppParameter } from "@/lib/apps/schema";
import type { PublishedParameter } from "@/lib/workspaces/schema";
import { openingValues, problemsOf, runParameters, type WrittenValues } from "../runs/parameter-values";

/** How an app treats the parameters of its workspace, as it is being written: which are hidden, and the text of each default. */
export interface ParameterChoices {
  hidden: string[];
  values: WrittenValues;
}

/** The choices as a form opens with them: an app's own, else every parameter shown with the workspace's default. */
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

/** What the reader may leave empty: whatever visitors are asked for. What is hidden needs a value, unless it is optional. */
export const asChosen = (parameter: PublishedParameter, hidden: boolean): PublishedParameter =>
  hidden || parameter.default !== null ? parameter : { ...parameter, optional: true };

/** What is wrong with each default, by parameter name. */
export function choiceProblems(
  published: readonly PublishedParameter[],
  { hidden, values }: ParameterChoices,
): Record<string, string> {
  const problems = problemsOf(
    published.map((parameter) => asChosen(parameter, hidden.includes(parameter.name))),
    values,
  );
  for (const { name, label } of published) {
    if (problems[name] && values[name]?.trim() === "") problems[name] = `${label} is hidden, so it needs a value.`;
  }
  return problems;
}

/** The choices as the API takes them; a default that is the workspace's own is left to the workspace. */
export function appParametersOf(
  published: readonly PublishedParameter[],
  { hidden, values }: ParameterChoices,
): AppParameter[] {
  const typed = runParameters(published, values);
  return published.map(({ name, default: usual }) => {
    const own = typed[name];
    return { name, shown: !hidden.includes(name), default: own === undefined || own === usual ? null : own };
  });
}
