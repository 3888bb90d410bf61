import { z } from "zod";
import { Refusal } from "../errors";
import type { Dialect } from "./dialect";
import { messageOf } from "./zod-messages";

/** Refuses `invalid` for the first error, with `field` as the caller wrote it: `parameters.STATE`. A message in a
 * schema is a whole sentence that starts with a capital, or a predicate that the name of the field completes. */
export function parseInput<S extends z.ZodType>(
  schema: S,
  given: unknown,
  noun: "field" | "parameter" | "header",
  unknownFields: Dialect["unknownFields"] = "refused",
): z.output<S> {
  const closed = unknownFields === "refused" ? strict(schema) : schema;
  const valid = closed.safeParse(given);
  if (valid.success) return valid.data as z.output<S>;
  // Valid input, which is most of it, does not pay for the sentences.
  const result = closed.safeParse(given, { error: (issue) => messageOf(issue as z.core.$ZodRawIssue, noun) });
  throw refusalOf(result.error?.issues[0], noun);
}

/** Only an object schema without a catchall limits the names; any other schema accepts all names. */
export function isNamedBy(schema: z.ZodType | undefined, name: string): boolean {
  if (schema instanceof z.ZodObject && schema.def.catchall === undefined) return Object.hasOwn(schema.shape, name);
  return schema !== undefined;
}

const strictOnes = new WeakMap<z.ZodType, z.ZodType>();

/** Made once per schema, because zod compiles each schema at its first use, which takes a hundred times as long. */
function strict(schema: z.ZodType): z.ZodType {
  const known = strictOnes.get(schema);
  if (known) return known;
  const closed = schema instanceof z.ZodObject && schema.def.catchall === undefined ? schema.strict() : schema;
  strictOnes.set(schema, closed);
  return closed;
}

function refusalOf(issue: z.core.$ZodIssue | undefined, noun: string): Refusal {
  const { path, message } = mostTelling(issue);
  const field = path.map(String).join(".");
  const subject = field || (noun === "field" ? "The body" : `The ${noun}`);
  const detail = /^\p{Lu}/u.test(message) ? message : `${subject} ${message}`;
  return new Refusal("invalid", /[.!?]$/.test(detail) ? detail : `${detail}.`, { field: field || undefined });
}

function mostTelling(issue: z.core.$ZodIssue | undefined): { path: PropertyKey[]; message: string } {
  if (!issue) return { path: [], message: "is not valid" };
  if (issue.code === "unrecognized_keys") return { path: [...issue.path, issue.keys[0] ?? ""], message: issue.message };
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const [nearest] = issue.errors.toSorted((a, b) => a.length - b.length || depth(b) - depth(a));
    const inner = mostTelling(nearest?.[0]);
    return { path: [...issue.path, ...inner.path], message: inner.message };
  }
  if (issue.code === "invalid_key" || issue.code === "invalid_element") {
    const inner = mostTelling(issue.issues[0]);
    return { path: [...issue.path, ...inner.path], message: inner.message };
  }
  return issue;
}

const depth = (issues: z.core.$ZodIssue[]) => Math.max(0, ...issues.map(({ path }) => path.length));
