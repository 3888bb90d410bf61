import { z } from "zod";
import { invalid, notFound } from "../errors";
import { isStorable } from "../text";
import { type Dialect, restDialect } from "./dialect";
import { type Operation, urlTokenNames } from "./operation";
import { isNamedBy, parseInput } from "./validation";

/** Refuses `not-found` for an invalid name or id. */
export function readParams(schema: z.ZodObject | undefined, raw: unknown) {
  const given = { ...(raw as Record<string, unknown>) };
  if (!Object.values(given).flat().every(isStorable)) throw notFound();
  const result = (schema ?? z.object({})).safeParse(given);
  if (!result.success) throw notFound();
  return result.data;
}

/** Refuses `invalid` that names a repeated, invalid or (where those are refused) unknown parameter. */
export function readQuery({ query, allowUrlToken = false, dialect = restDialect }: Operation, request: Request) {
  const schema = query ?? z.object({});
  const { searchParams } = new URL(request.url);
  const given = singleValues(readablePairs(searchParams, schema, dialect), "parameter");
  if (allowUrlToken) for (const name of urlTokenNames) delete given[name];
  return parseInput(schema, given, "parameter", dialect.unknownFields);
}

export function readablePairs(pairs: URLSearchParams, schema: z.ZodType | undefined, { unknownFields }: Dialect) {
  return [...pairs].filter(([name]) => unknownFields === "refused" || isNamedBy(schema, name));
}

/** Refuses `invalid` that names the header. */
export function readHeaders(schema: z.ZodObject | undefined, request: Request) {
  if (!schema) return {};
  const names = Object.keys(schema.shape);
  return parseInput(
    schema,
    Object.fromEntries(names.flatMap((name) => entry(name, request.headers.get(name)))),
    "header",
  );
}

const entry = (name: string, value: string | null) => (value === null ? [] : [[name, value]]);

/** Refuses `invalid` for a repeated name or for text that cannot be stored. */
export function singleValues(
  pairs: Iterable<[string, string]>,
  noun: "parameter" | "field",
  anyBytes = false,
): Record<string, string> {
  const values: Record<string, string> = Object.create(null);
  for (const [name, value] of pairs) {
    if (name in values) throw invalid(name, `The ${noun} ${name} can be given only once.`);
    if (!anyBytes && !(isStorable(name) && isStorable(value)))
      throw invalid(name, `The ${noun} ${name} contains a character that is not allowed in text.`);
    values[name] = value;
  }
  return { ...values };
}
