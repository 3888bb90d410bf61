"use client";

import { Checkbox } from "@/components/forms/choice";
import { Field, FieldError } from "@/components/forms/field";
import { Input, Select } from "@/components/forms/input";
import type { PublishedParameter } from "@/lib/workspaces/schema";
import { rangeOf } from "./parameter-values";

interface Control {
  parameter: PublishedParameter;
  value: string;
  onChange: (value: string) => void;
}

/** The form control of one published parameter. The form finds it by its `name`, which is the parameter's name. */
export function ParameterField({ error, ...control }: Control & { error?: string }) {
  const { parameter } = control;
  if (isSwitch(parameter)) return <BooleanField {...control} error={error} />;
  return (
    <Field label={parameter.label} hint={hintOf(parameter)} error={error} optional={parameter.optional}>
      {parameter.type === "choice" || parameter.type === "boolean" ? (
        <ChoiceControl {...control} />
      ) : (
        <TextControl {...control} />
      )}
    </Field>
  );
}

const isSwitch = ({ type, optional, default: defaultValue }: PublishedParameter) =>
  type === "boolean" && (!optional || defaultValue !== null);

function hintOf(parameter: PublishedParameter) {
  return [parameter.description, boundsOf(parameter)].filter(Boolean).join(" ") || undefined;
}

function boundsOf({ type, min, max }: PublishedParameter) {
  const noun = type === "integer" ? "Whole number" : "";
  const range = rangeOf({ min, max });
  const sentence = [noun, range].filter(Boolean).join(" ");
  return sentence && `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}

function TextControl({ parameter, value, onChange }: Control) {
  const numeric = parameter.type === "integer" || parameter.type === "number";
  return (
    <Input
      name={parameter.name}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      type={parameter.type === "date" ? "date" : "text"}
      // With type="number" the browser drops text that it cannot parse, and the mouse wheel changes the value by accident.
      inputMode={numeric ? (Number(parameter.min ?? -1) < 0 ? "text" : "decimal") : undefined}
      min={parameter.type === "date" ? (parameter.min ?? undefined) : undefined}
      max={parameter.type === "date" ? (parameter.max ?? undefined) : undefined}
      placeholder={parameter.default === null ? undefined : `Default: ${parameter.default}`}
      autoComplete="off"
      spellCheck={false}
      className={numeric || parameter.type === "date" ? "tabular-nums" : undefined}
    />
  );
}

function ChoiceControl({ parameter, value, onChange }: Control) {
  const options =
    parameter.type === "boolean"
      ? [
          { value: "true", label: "Yes" },
          { value: "false", label: "No" },
        ]
      : (parameter.options ?? []);
  const hasEmpty = options.some((option) => option.value === "");
  const mayBeEmpty = !hasEmpty && (parameter.default === null || value === "");
  return (
    <Select name={parameter.name} value={value} onChange={(event) => onChange(event.target.value)}>
      {mayBeEmpty && <option value="">{parameter.optional ? "Not set" : "Choose…"}</option>}
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
      {/* A value from a shared URL stays visible if it is not among the choices. The form reports it at the field. */}
      {value !== "" && !options.some((option) => option.value === value) && <option value={value}>{value}</option>}
    </Select>
  );
}

function BooleanField({ parameter, value, onChange, error }: Control & { error?: string }) {
  return (
    <div>
      <Checkbox
        name={parameter.name}
        label={parameter.label}
        hint={parameter.description || undefined}
        checked={value === "true"}
        onChange={(event) => onChange(String(event.target.checked))}
      />
      <FieldError>{error}</FieldError>
    </div>
  );
}
