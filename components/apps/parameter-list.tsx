"use client";

import { Switch } from "@/components/forms/choice";
import type { PublishedParameter } from "@/lib/workspaces/schema";
import { ParameterField } from "../runs/parameter-field";
import { ownValue } from "../runs/parameter-values";
import { asChosen, type ParameterChoices } from "./parameter-choices";

/** The published parameters, each with the app's default and whether visitors see it. */
export function ParameterList({
  published,
  choices,
  onChange,
  problems,
}: {
  published: readonly PublishedParameter[];
  choices: ParameterChoices;
  onChange: (choices: ParameterChoices) => void;
  /** Problems by parameter name. */
  problems: Record<string, string>;
}) {
  const { hidden, values } = choices;
  if (published.length === 0)
    return <p className="text-muted">This workspace has no parameters. Visitors just press Run.</p>;
  return (
    <ul className="divide-y divide-line rounded border border-line bg-surface">
      {published.map((parameter) => {
        const { name, label } = parameter;
        const isHidden = hidden.includes(name);
        return (
          <li key={name} className="grid gap-x-6 gap-y-3 p-4 sm:grid-cols-[minmax(0,1fr)_12.5rem]">
            <ParameterField
              parameter={asChosen(parameter, isHidden)}
              value={ownValue(values, name) ?? ""}
              onChange={(value) => onChange({ hidden, values: { ...values, [name]: value } })}
              error={ownValue(problems, name)}
            />
            <Switch
              className="sm:pt-6"
              label={
                <>
                  Show to visitors<span className="sr-only"> ({label})</span>
                </>
              }
              hint={isHidden ? "Hidden. Every run uses this value." : "Default value. Visitors can change it."}
              checked={!isHidden}
              onChange={(event) =>
                onChange({
                  values,
                  hidden: event.target.checked ? hidden.filter((each) => each !== name) : [...hidden, name],
                })
              }
            />
          </li>
        );
      })}
    </ul>
  );
}
