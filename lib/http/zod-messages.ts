import type { z } from "zod";

/** Returns a predicate that follows the name of the field, such as "must be a whole number". */
export function messageOf(issue: z.core.$ZodRawIssue, noun: "field" | "parameter" | "header"): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined ? "is missing" : `must be ${types[issue.expected as string] ?? issue.expected}`;
    case "invalid_value":
      return `must be ${oneOf((issue.values as unknown[]).map(String))}`;
    case "unrecognized_keys":
      return `is not a known ${noun}`;
    case "too_small":
      return bound(issue.origin as string, "at least", Number(issue.minimum), issue.inclusive !== false);
    case "too_big":
      return bound(issue.origin as string, "at most", Number(issue.maximum), issue.inclusive !== false);
    case "invalid_format":
      return formats[issue.format as string] ?? "has the wrong format";
    case "not_multiple_of":
      return `must be a multiple of ${issue.divisor}`;
    case "invalid_union":
      return issue.discriminator && Array.isArray(issue.options)
        ? `must be ${oneOf(issue.options.map(String))}`
        : "has the wrong type";
    default:
      return "is not valid";
  }
}

const types: Record<string, string> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
  date: "a date and time",
  null: "null",
};

const formats: Record<string, string> = {
  datetime: "must be a date and time like 2026-01-31T12:00:00Z",
  date: "must be a date like 2026-01-31",
  uuid: "must be an id",
  guid: "must be an id",
  email: "must be an e-mail address",
  url: "must be a URL",
};

const oneOf = (options: string[]) => (options.length === 1 ? `${options[0]}` : `one of ${options.join(", ")}`);

function bound(origin: string, direction: "at least" | "at most", limit: number, inclusive: boolean): string {
  const unit = units[origin];
  if (unit) return `must have ${direction} ${limit} ${limit === 1 ? unit : `${unit}s`}`;
  if (inclusive) return `must be ${direction} ${limit}`;
  return direction === "at least" ? `must be more than ${limit}` : `must be less than ${limit}`;
}

const units: Record<string, string | undefined> = { string: "character", array: "item", set: "item", map: "entry" };
