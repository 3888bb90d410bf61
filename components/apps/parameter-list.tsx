"use client";

import { Switch } from "@/components/forms/choice";
import type { PublishedParameter } from "@/lib/workspaces/schema";
import { ParameterField } from "../runs/parameter-field";
import { asChosen, type ParameterChoices } from "./parameter-choices";

/** Every published parameter with the app's default, and whether visitors are asked for it. */
export function ParameterList({
  published,
  choices,
  onChange,
  problems,
}: {
  published: readonly PublishedParameter[];
  choices: ParameterChoices;
  onChange: (choices: ParameterChoices) => void;
  /** What is wrong, by parameter name. */
  problems: Record<string, string>;
}) {
  const { hidden, values } = choices;
  if (published.length === 0)
    return <p className="text-muted">This workspace asks for nothing: visitors only press Run.</p>;
  return (
    <ul className="divide-y divide-line rounded border border-line bg-surface">
      {published.map((parameter) => {
        const { name, label } = parameter;
        const isHidden = hidden.includes(name);
        return (
          <li key={name} className="grid gap-x-6 gap-y-3 p-4 sm:grid-cols-[minmax(0,1fr)_12.5rem]">
            <ParameterField
              parameter={asChosen(parameter, isHidden)}
              value={values[name] ?? ""}
              onChange={(value) => onChange({ hidden, values: { ...values, [name]: value } })}
              error={problems[name]}
            />
            <Switch
              className="sm:pt-6"
              label={
                <>
                  Ask visitors<span className="sr-only"> for {label}</span>
                </>
              }
              hint={isHidden ? "Hidden: every run takes this value." : "They begin with this value."}
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
