import { z } from "zod";
import { invalid, notFound } from "../errors";
import { isStorable } from "../fields";
import { urlTokenNames } from "./operation";
import { parseInput } from "./validation";

/** The parts of the path. @throws Refusal `not-found` for what cannot be the name or id of anything. */
export function readParams(schema: z.ZodObject | undefined, raw: unknown) {
  const given = { ...(raw as Record<string, unknown>) };
  if (!Object.values(given).flat().every(isStorable)) throw notFound();
  const result = (schema ?? z.object({})).safeParse(given);
  if (!result.success) throw notFound();
  return result.data;
}

/** The query. @throws Refusal `invalid` that names the parameter: unknown, repeated or wrong. */
export function readQuery(schema: z.ZodObject | undefined, request: Request, allowUrlToken: boolean) {
  const given = singleValues(new URL(request.url).searchParams, "parameter");
  if (allowUrlToken) for (const name of urlTokenNames) delete given[name];
  return parseInput(schema ?? z.object({}), given, "parameter");
}

/** The headers that an operation knows. @throws Refusal `invalid` that names the header. */
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

/** Pairs of a query or form as an object. @throws Refusal `invalid` for a name that is there twice, or for text that cannot be stored. */
export function singleValues(pairs: Iterable<[string, string]>, noun: "parameter" | "field"): Record<string, string> {
  const values: Record<string, string> = Object.create(null);
  for (const [name, value] of pairs) {
    if (name in values) throw invalid(name, `The ${noun} ${name} may be given only once.`);
    if (!isStorable(name) || !isStorable(value))
      throw invalid(name, `The ${noun} ${name} has a character that text cannot hold.`);
    values[name] = value;
  }
  return { ...values };
}
