import { z } from "zod";
import { parseHeader } from "../engine/header.mjs";
import { EngineRefusal } from "../engine/refusal.mjs";
import type { WorkspaceSource } from "../engine/run";
import { invalid } from "../errors";
import { directionControlsSentence, hasDirectionControls, normalizeText } from "../text";
import { demandBodyRule } from "./body-rule";
import { coerce, isOrdered, ruleSentence } from "./parameter-rules";
import { type OutputFormat, outputFormats, type PublishedParameter, parameterTypes } from "./schema";

export interface WorkspaceFile {
  title: string;
  description: string;
  output: Output;
  parameters: PublishedParameter[];
}

/** A format, or the `$NAME` of the choice parameter that selects it. */
export type Output = OutputFormat | `$${string}`;

/** Parses the header of a file of this project. Parsing blocks the process, so that files of users go through `checkSource` of the
 * engine instead. Refuses like {@link splitSource} and {@link describeWorkspace}. */
export function parseWorkspaceFile(text: string): WorkspaceFile {
  const { header, headerLine } = splitSource(text);
  try {
    return describeWorkspace(parseHeader(header, headerLine).header, text);
  } catch (error) {
    throw error instanceof EngineRefusal ? invalid("header", error.message) : error;
  }
}

/** Splits a YAML header in a leading comment from the DuckDB query after it; prisma/samples has examples. Lines of the
 * query keep their numbers. Refuses `invalid` on `header` or `query`. */
export function splitSource(text: string): WorkspaceSource {
  const opening = /^\uFEFF?\s*\/\*---\r?\n/.exec(text.slice(0, openingLengthMax))?.[0];
  const end = opening === undefined ? -1 : text.indexOf("\n---*/", opening.length - 1);
  if (opening === undefined || end < 0) {
    const detail = "A workspace file must start with a header comment: /*--- , lines of YAML, ---*/";
    throw invalid("header", detail, { line: 1 });
  }
  const header = text.slice(opening.length, Math.max(opening.length, end)).replace(/\r$/, "");
  if (header.length > headerLengthMax) {
    throw invalid("header", `The header can have at most ${headerLengthMax} characters.`, { line: 1 });
  }
  const query = text.slice(end + "\n---*/".length);
  if (query.trim() === "") {
    throw invalid("query", "There is no query after the header.", { line: lineEndsOf(text.trimEnd()) + 1 });
  }
  return {
    header,
    headerLine: lineEndsOf(opening),
    sql: "\n".repeat(lineEndsOf(text.slice(0, text.length - query.length))) + query.trimEnd(),
  };
}

const openingLengthMax = 10_000;
const headerLengthMax = 65_536;

const lineEndsOf = (text: string) => text.split("\n").length - 1;

/** Makes a workspace of a parsed header, whose values are texts, of this file. Refuses `invalid` on the place in the
 * header, such as `parameters.STATE.default`. */
export function describeWorkspace(parsed: unknown, file: string): WorkspaceFile {
  const { parameters: headerParameters, body, ...header } = validHeader(parsed);
  const parameters = headerParameters.map(toPublishedParameter);
  refuseDuplicateNames(parameters);
  refuseUnknownOutput(header.output, parameters);
  demandBodyRule(body ?? undefined, file, parameters);
  return { ...header, output: header.output as Output, parameters };
}

export function outputOf(output: Output, values: Record<string, unknown>): OutputFormat {
  return (output.startsWith("$") ? values[output.slice(1)] : output) as OutputFormat;
}

/** The format of a run with default values. */
export function defaultOutput({ output, parameters }: Pick<WorkspaceFile, "output" | "parameters">): OutputFormat {
  return outputOf(output, Object.fromEntries(parameters.map(({ name, default: value }) => [name, value])));
}

const shortText = (max: number) =>
  z
    .string("must be text")
    .overwrite((text) => text.normalize().trim())
    .max(max, `must be at most ${max} characters`);

/** A title or label. */
const shortLine = (max: number) =>
  shortText(max).refine((text) => !hasDirectionControls(text), { error: directionControlsSentence });

const orEmpty = (text: z.ZodType<string>) => text.nullish().transform((given) => given ?? "");

const writtenValue = z.string("must be one value");

const flag = z
  .string("must be true or false")
  .regex(/^(true|false)$/i, "must be true or false")
  .nullish()
  .transform((given) => given?.toLowerCase() === "true");

const keysAndValues: z.core.$ZodErrorMap = ({ code }) =>
  code === "invalid_type" ? "must be keys and values, such as title: Rain" : undefined;

const headerParameter = z.strictObject(
  {
    name: z
      .string("must be text")
      .regex(/^[A-Za-z][A-Za-z0-9_]{0,62}$/, "must be 1 to 63 letters, digits or underscores and start with a letter"),
    type: z.enum(parameterTypes, `must be one of ${parameterTypes.join(", ")}`),
    label: orEmpty(shortLine(100)),
    description: orEmpty(shortText(500)),
    default: writtenValue.nullish(),
    optional: flag,
    options: z
      .array(z.union([writtenValue, z.strictObject({ value: writtenValue, label: shortLine(100) })]), "must be a list")
      .min(1, "must have at least one entry")
      .max(1000, "must have at most 1000 entries")
      .nullish(),
    min: writtenValue.nullish(),
    max: writtenValue.nullish(),
  },
  { error: keysAndValues },
);

const headerShape = z.strictObject(
  {
    title: shortLine(200).min(1, "must not be empty"),
    description: orEmpty(shortText(5000)),
    output: z.string(`must be one of ${outputFormats.join(", ")}, or $NAME of a choice`),
    body: z.string("must be ignored, or the name of a parameter").nullish(),
    parameters: z
      .array(headerParameter, "must be a list")
      .max(100, "must have at most 100 entries")
      .nullish()
      .transform((given) => given ?? []),
  },
  { error: keysAndValues },
);

function validHeader(parsed: unknown): z.infer<typeof headerShape> {
  const header = headerShape.safeParse(parsed);
  if (header.success) return header.data;
  const [issue] = header.error.issues;
  if (issue?.code === "unrecognized_keys") {
    const field = [...issue.path, issue.keys[0] ?? ""].join(".");
    throw invalid(field, `In the header, ${field}: is not a known key.`);
  }
  const field = issue?.path.join(".") || "header";
  throw invalid(field, `In the header, ${field}: ${issue?.message ?? "is wrong"}.`);
}

function toPublishedParameter(header: z.infer<typeof headerParameter>): PublishedParameter {
  const { name, type } = header;
  const place = `parameters.${name}`;
  const options =
    header.options?.map((option) => (typeof option === "string" ? { value: option, label: option } : option)) ?? null;
  if ((type === "choice") !== (options !== null)) {
    throw invalid(`${place}.options`, `${name}: options are required for the type choice, and only allowed there.`);
  }
  if (options && new Set(options.map(({ value }) => normalizeText(value))).size < options.length) {
    throw invalid(`${place}.options`, `${name}: each option can be listed only once.`);
  }
  const parameter = {
    name,
    type,
    label: header.label || name,
    description: header.description,
    optional: header.optional,
    options,
    min: boundOf(header, "min"),
    max: boundOf(header, "max"),
  };
  if (parameter.min !== null && parameter.max !== null && !isOrdered(type, parameter.min, parameter.max)) {
    throw invalid(`${place}.min`, `${name}: min is greater than max.`);
  }
  return { ...parameter, default: defaultOf(parameter, header.default) };
}

function defaultOf(parameter: Omit<PublishedParameter, "default">, written: string | null | undefined) {
  if (written === null || written === undefined) return null;
  const value = coerce(parameter, parameter.type === "boolean" ? written.toLowerCase() : written);
  if (value === null && !isNull(written))
    throw invalid(`parameters.${parameter.name}.default`, ruleSentence(parameter));
  return value;
}

/** What YAML reads as null. For a text parameter it is text. */
const isNull = (written: string) => /^(~|null)$/i.test(written);

function boundOf({ name, type, ...ends }: z.infer<typeof headerParameter>, end: "min" | "max"): number | string | null {
  const limit = ends[end];
  if (limit === null || limit === undefined || isNull(limit)) return null;
  const place = `parameters.${name}.${end}`;
  if (!["integer", "number", "date"].includes(type))
    throw invalid(place, `${name}: ${end} is not allowed for the type ${type}.`);
  const rule = { name: `${name}: ${end}`, type, options: null, min: null, max: null };
  const value = coerce(rule, limit);
  if (value === null || typeof value === "boolean") throw invalid(place, ruleSentence(rule));
  return value;
}

/** DuckDB takes `$name` and `$NAME` for one parameter. */
function refuseDuplicateNames(parameters: PublishedParameter[]): void {
  const names = parameters.map(({ name }) => name.toUpperCase());
  const duplicate = parameters.find((_, index) => names.indexOf(names[index] ?? "") < index);
  if (duplicate)
    throw invalid(`parameters.${duplicate.name}.name`, `${duplicate.name}: each parameter can be listed only once.`);
}

function refuseUnknownOutput(output: string, parameters: PublishedParameter[]): void {
  const isFormat = (text: string) => (outputFormats as readonly string[]).includes(text);
  if (isFormat(output)) return;
  const chosen = parameters.find(({ name }) => `$${name}` === output);
  if (chosen?.default == null || !chosen.options?.every(({ value }) => isFormat(value))) {
    throw invalid(
      "output",
      `In the header, output: must be one of ${outputFormats.join(", ")}, or the $NAME of a choice parameter with these options and a default.`,
    );
  }
}
