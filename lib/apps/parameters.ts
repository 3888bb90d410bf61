import { invalid } from "../errors";
import { coerce, ruleSentence } from "../workspaces/parameter-rules";
import type { ParameterValue, PublishedParameter } from "../workspaces/schema";
import { runValues } from "../workspaces/values";
import type { AppParameter } from "./schema";

/** A published parameter as an app treats it: its default is the app's where that has one. */
export type ConfiguredParameter = PublishedParameter & { shown: boolean };

type Values = Record<string, ParameterValue | null>;

/**
 * What an app is told about the parameters of its workspace, made whole and checked. One that is not mentioned is shown.
 *
 * @throws Refusal `invalid` on `parameters.<NAME>`: unknown, named twice, a default that the workspace would refuse, or hidden
 * without any value.
 */
export function settingsOf(published: readonly PublishedParameter[], given: readonly AppParameter[]): AppParameter[] {
  const names = given.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw invalid(`parameters.${twice}`, `${twice} is there twice.`);
  const unknown = names.find((name) => !published.some((parameter) => parameter.name === name));
  if (unknown !== undefined) throw invalid(`parameters.${unknown}`, `The workspace has no parameter ${unknown}.`);
  return published.map((parameter) => {
    const { shown, default: own } = given.find(({ name }) => name === parameter.name) ?? { shown: true, default: null };
    const value = own === null ? null : coerce(parameter, own);
    if (own !== null && value === null) throw invalid(`parameters.${parameter.name}`, ruleSentence(parameter));
    const setting = { name: parameter.name, shown, default: value };
    if (isWithoutValue(configureParameter(parameter, setting))) {
      throw invalid(`parameters.${parameter.name}`, `${parameter.name} needs a default to be hidden.`);
    }
    return setting;
  });
}

/**
 * The parameters of a workspace as it is now, as an app treats them. One that was published since is hidden: nobody decided to
 * show it. Null when a hidden one has no value to run with any more; then the app cannot run.
 */
export function configuredParameters(
  published: readonly PublishedParameter[],
  settings: readonly AppParameter[],
): ConfiguredParameter[] | null {
  const all = published.map((parameter) =>
    configureParameter(
      parameter,
      settings.find(({ name }) => name === parameter.name) ?? { name: parameter.name, shown: false, default: null },
    ),
  );
  return all.some((parameter) => parameter === null || isWithoutValue(parameter)) ? null : all.filter(isConfigured);
}

/** The shown ones, as a visitor sees them. */
export const shownOf = (parameters: readonly ConfiguredParameter[]): PublishedParameter[] =>
  parameters.filter(({ shown }) => shown).map(({ shown: _, ...parameter }) => parameter);

/**
 * What an app runs with: what the visitor sent for the shown parameters, and the defaults of the hidden ones. A hidden one that is
 * sent does not exist.
 *
 * @throws Refusal `invalid` on `parameters.<NAME>`.
 */
export function valuesOfRun(parameters: readonly ConfiguredParameter[], sent: Values): Values {
  const hidden = parameters.filter(({ shown }) => !shown).map(({ name, default: value }) => [name, value]);
  return { ...runValues(shownOf(parameters), sent), ...Object.fromEntries(hidden) };
}

/** Null for a hidden one whose own default the workspace refuses now: its own must not give way to another unasked. */
function configureParameter(
  parameter: PublishedParameter,
  { shown, default: own }: AppParameter,
): ConfiguredParameter | null {
  if (own === null) return { ...parameter, shown };
  const value = coerce(parameter, own);
  if (value !== null) return { ...parameter, shown, default: value };
  return shown ? { ...parameter, shown } : null;
}

const isConfigured = (parameter: ConfiguredParameter | null): parameter is ConfiguredParameter => parameter !== null;

const isWithoutValue = (parameter: ConfiguredParameter | null): boolean =>
  parameter !== null && !parameter.shown && parameter.default === null && !parameter.optional;
