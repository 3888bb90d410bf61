import { invalid } from "../errors";
import { coerce, ruleSentence } from "../workspaces/parameter-rules";
import { runValues } from "../workspaces/run-values";
import type { ParameterValue, PublishedParameter } from "../workspaces/schema";
import type { AppParameter } from "./schema";

/** The app's default, if it has one, replaces the workspace's. */
export type ConfiguredParameter = PublishedParameter & { shown: boolean };

type Values = Record<string, ParameterValue | null>;

/** Checks and completes an app's settings. A parameter without a setting is shown. Refuses `invalid` on
 * `parameters.<NAME>` that is unknown, named twice, hidden without any value, or has a default that the workspace
 * would refuse. */
export function settingsOf(published: readonly PublishedParameter[], given: readonly AppParameter[]): AppParameter[] {
  const names = given.map(({ name }) => name);
  const duplicate = names.find((name, index) => names.indexOf(name) !== index);
  if (duplicate !== undefined) throw invalid(`parameters.${duplicate}`, `${duplicate} is listed twice.`);
  const unknown = names.find((name) => !published.some((parameter) => parameter.name === name));
  if (unknown !== undefined) throw invalid(`parameters.${unknown}`, `The workspace has no parameter ${unknown}.`);
  return published.map((parameter) => {
    const { shown, default: own } = given.find(({ name }) => name === parameter.name) ?? { shown: true, default: null };
    const value = own === null ? null : coerce(parameter, own);
    if (own !== null && value === null) throw invalid(`parameters.${parameter.name}`, ruleSentence(parameter));
    const setting = { name: parameter.name, shown, default: value };
    if (isWithoutValue(configureParameter(parameter, setting))) {
      throw invalid(`parameters.${parameter.name}`, `${parameter.name} is hidden, so it needs a default value.`);
    }
    return setting;
  });
}

/** The workspace's current parameters with the app's settings. A parameter that was published after the settings were
 * saved is hidden. Null when a hidden parameter has no value to run with, so that the app cannot run. */
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

export const shownParameters = (parameters: readonly ConfiguredParameter[]): PublishedParameter[] =>
  parameters.filter(({ shown }) => shown).map(({ shown: _, ...parameter }) => parameter);

/** The values that a visitor sent for the shown parameters, and the defaults of the hidden ones. Refuses `invalid` on
 * `parameters.<NAME>`, on a hidden one as on an unknown one. */
export function valuesOfRun(parameters: readonly ConfiguredParameter[], sent: Values): Values {
  const hidden = parameters.filter(({ shown }) => !shown).map(({ name, default: value }) => [name, value]);
  return { ...runValues(shownParameters(parameters), sent), ...Object.fromEntries(hidden) };
}

/** Null for a hidden parameter whose app default the workspace now refuses: no other value may silently replace it. */
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
