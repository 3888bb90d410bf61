import { parseDocument } from "yaml";
import { z } from "zod";
import { invalid } from "../errors";
import { directionControlsSentence, hasDirectionControls, normalizeText } from "../text";
import { demandBodyRule } from "./body-rule";
import { coerce, ruleSentence } from "./parameter-rules";
import { type OutputFormat, outputFormats, type PublishedParameter, parameterTypes, parameterValue } from "./schema";

export interface WorkspaceFile {
  title: string;
  description: string;
  output: Output;
  parameters: PublishedParameter[];
  sql: string;
}

/** A format, or the `$NAME` of the choice parameter that selects it. */
export type Output = OutputFormat | `$${string}`;

/** Parses a YAML header in a leading comment, then one DuckDB query; prisma/samples has examples. Refuses `invalid` on
 * the place in the header (`parameters.STATE.default`), on `header` or on `query`. */
export function parseWorkspaceFile(source: string): WorkspaceFile {
  const match = /^\uFEFF?\s*\/\*---\r?\n(?<yaml>.*?)\r?\n---\*\/(?<sql>.*)$/su.exec(source);
  const { yaml, sql } = match?.groups ?? {};
  if (yaml === undefined || sql === undefined) {
    throw invalid("header", "A workspace file must start with a header comment: /*--- , lines of YAML, ---*/");
  }
  if (sql.trim() === "") throw invalid("query", "There is no query after the header.");
  const { parameters: headerParameters, body, ...header } = parseHeader(yaml);
  const parameters = headerParameters.map(toPublishedParameter);
  refuseDuplicateNames(parameters);
  refuseUnknownOutput(header.output, parameters);
  demandBodyRule(body, source, parameters);
  return { ...header, output: header.output as Output, parameters, sql: linesAbove(source, sql) + sql.trimEnd() };
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

const headerParameter = z.strictObject({
  name: z
    .string("must be text")
    .regex(/^[A-Za-z][A-Za-z0-9_]{0,62}$/, "must be 1 to 63 letters, digits or underscores and start with a letter"),
  type: z.enum(parameterTypes, `must be one of ${parameterTypes.join(", ")}`),
  label: shortLine(100).optional(),
  description: shortText(500).default(""),
  default: parameterValue.nullable().default(null),
  optional: z.boolean("must be true or false").default(false),
  options: z
    .array(
      z.union([parameterValue, z.strictObject({ value: parameterValue, label: shortLine(100) })]),
      "must be a list",
    )
    .min(1, "must have at least one entry")
    .max(1000, "must have at most 1000 entries")
    .nullable()
    .default(null),
  min: z.union([z.number(), z.string()]).nullable().default(null),
  max: z.union([z.number(), z.string()]).nullable().default(null),
});

const headerShape = z.strictObject({
  title: shortLine(200).min(1, "must not be empty"),
  description: shortText(5000).default(""),
  output: z.string(`must be one of ${outputFormats.join(", ")}, or $NAME of a choice`),
  body: z.string("must be ignored, or the name of a parameter").optional(),
  parameters: z.array(headerParameter, "must be a list").max(100, "must have at most 100 entries").default([]),
});

/** Parsing YAML blocks the event loop, so its length is limited. */
const headerLengthMax = 65_536;

function parseHeader(yaml: string): z.infer<typeof headerShape> {
  if (yaml.length > headerLengthMax) {
    throw invalid("header", `The header can have at most ${headerLengthMax} characters.`);
  }
  const document = parseDocument(yaml);
  const [error] = document.errors;
  if (error) throw invalid("header", `The header is not valid YAML: ${error.message.split("\n")[0]}`);
  const header = headerShape.safeParse(toPlainValue(document));
  if (header.success) return header.data;
  const [issue] = header.error.issues;
  const field = issue?.path.join(".") || "header";
  throw invalid(field, `In the header, ${field}: ${issue?.message ?? "is wrong"}.`);
}

/** Converts the document, and refuses aliases: a few lines of them can expand to gigabytes. */
function toPlainValue(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch {
    throw invalid("header", "YAML aliases are not allowed in the header.");
  }
}

function toPublishedParameter(header: z.infer<typeof headerParameter>): PublishedParameter {
  const { name, type } = header;
  const place = `parameters.${name}`;
  const options = header.options?.map(optionOf) ?? null;
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
  if (parameter.min !== null && parameter.max !== null && parameter.min > parameter.max) {
    throw invalid(`${place}.min`, `${name}: min is greater than max.`);
  }
  const defaultValue = header.default === null ? null : coerce(parameter, header.default);
  if (header.default !== null && defaultValue === null) throw invalid(`${place}.default`, ruleSentence(parameter));
  return { ...parameter, default: defaultValue };
}

function optionOf(written: string | number | boolean | { value: string | number | boolean; label: string }) {
  if (typeof written === "object") return { value: String(written.value), label: written.label };
  return { value: String(written), label: String(written) };
}

function boundOf({ name, type, ...ends }: z.infer<typeof headerParameter>, end: "min" | "max"): number | string | null {
  const limit = ends[end];
  if (limit === null) return null;
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

/** As many line ends as there are above the query, so that DuckDB reports the line numbers of the file. */
function linesAbove(source: string, sql: string): string {
  return "\n".repeat(source.slice(0, source.length - sql.length).split("\n").length - 1);
}
