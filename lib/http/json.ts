import { Refusal } from "../errors";
import { isStorable } from "../text";

const depthMax = 32;

/** Refuses `invalid`, with the field, for deep nesting, the key `__proto__`, and text that PostgreSQL cannot store. */
export function parseJson(text: string): unknown {
  const value = parseOrRefuse(text);
  demandSafe(value, []);
  return value;
}

function parseOrRefuse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal("invalid", "The body is not valid JSON.");
  }
}

function demandSafe(value: unknown, path: readonly string[]): void {
  if (!isStorable(value)) throw refusal(path, "contains a character that is not allowed in text");
  if (typeof value !== "object" || value === null) return;
  if (path.length >= depthMax) throw refusal(path.slice(0, 1), `is nested deeper than ${depthMax} levels`);
  for (const [key, item] of Object.entries(value)) {
    if (key === "__proto__") throw refusal([...path, key], "is not an allowed field name");
    if (!isStorable(key)) throw refusal(path, "has a field name with a character that is not allowed in text");
    demandSafe(item, [...path, key]);
  }
}

function refusal(path: readonly string[], predicate: string) {
  const field = path.join(".") || undefined;
  return new Refusal("invalid", `${field ?? "The body"} ${predicate}.`, { field });
}
