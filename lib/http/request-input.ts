import { z } from "zod";
import type { HeaderReader } from "../auth/requester";
import { invalid, notFound } from "../errors";
import { isStorable } from "../text";
import { type Dialect, restDialect } from "./dialect";
import { type Operation, urlTokenNames } from "./operation";
import { isNamedBy, parseInput } from "./validation";

/** Refuses `not-found` for an invalid name or id. */
export function readParams(schema: z.ZodObject | undefined, raw: unknown) {
  const given = { ...(raw as Record<string, unknown>) };
  if (!Object.values(given).flat().every(isStorable)) throw notFound();
  const result = (schema ?? noFields).safeParse(given);
  if (!result.success) throw notFound();
  return result.data;
}

const noFields = z.object({});

/** Refuses `invalid` that names a repeated, invalid or (where those are refused) unknown parameter. */
export function readQuery(
  { query: schema = noFields, allowUrlToken = false, dialect = restDialect }: Operation,
  pairs: Pairs,
) {
  const given = singleValues(readablePairs(pairs, schema, dialect), "parameter");
  if (allowUrlToken) for (const name of urlTokenNames) delete given[name];
  return parseInput(schema, given, "parameter", dialect.unknownFields);
}

type Pairs = Iterable<[string, string]>;

export function readablePairs(pairs: Pairs, schema: z.ZodType | undefined, { unknownFields }: Dialect): Pairs {
  return unknownFields === "refused" ? pairs : [...pairs].filter(([name]) => isNamedBy(schema, name));
}

/** Refuses `invalid` that names the header. */
export function readHeaders(schema: z.ZodObject | undefined, headers: HeaderReader) {
  if (!schema) return {};
  const given: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    const value = headers.get(name);
    if (value !== null) given[name] = value;
  }
  return parseInput(schema, given, "header");
}

/** Refuses `invalid` for a repeated name or for text that cannot be stored. */
export function singleValues(pairs: Pairs, noun: "parameter" | "field", anyBytes = false): Record<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of pairs) {
    if (values.has(name)) throw invalid(name, `The ${noun} ${name} can be given only once.`);
    if (!anyBytes && !(isStorable(name) && isStorable(value)))
      throw invalid(name, `The ${noun} ${name} contains a character that is not allowed in text.`);
    values.set(name, value);
  }
  // It defines `__proto__` like any other name.
  return Object.fromEntries(values);
}
