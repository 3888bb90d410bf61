import { z } from "zod";
import { lookedUpName } from "../fields";
import { itemName, repositoryPath } from "../repositories/schema";
import { normalizeText } from "../text";

export const outputFormats = ["geojson", "json", "csv", "parquet"] as const;
export type OutputFormat = (typeof outputFormats)[number];

export const outputMediaTypes: Record<OutputFormat, string> = {
  geojson: "application/geo+json",
  json: "application/json",
  csv: "text/csv; charset=utf-8",
  parquet: "application/vnd.apache.parquet",
};

export const parameterTypes = ["text", "integer", "number", "choice", "boolean", "date"] as const;
export type ParameterType = (typeof parameterTypes)[number];

/** Dates are text, `YYYY-MM-DD`, and so are integers beyond 2^53, which requests may also send as JSON numbers. */
export const parameterValue = z.preprocess(
  (value) => (typeof value === "bigint" ? String(value) : value),
  z.union([z.string(), z.number(), z.boolean()]),
);
export type ParameterValue = z.infer<typeof parameterValue>;

export const publishedParameter = z
  .object({
    name: z.string().describe("The name in the query, without the $."),
    type: z.enum(parameterTypes),
    label: z.string(),
    description: z.string(),
    default: parameterValue.nullable().describe("Used if a run doesn't set the parameter."),
    optional: z.boolean().describe("Whether a run can leave it out, even without a default."),
    options: z
      .array(z.object({ value: z.string(), label: z.string() }))
      .nullable()
      .describe("The options of a choice."),
    min: z.union([z.number(), z.string()]).nullable().describe("Minimum of an integer, number or date."),
    max: z.union([z.number(), z.string()]).nullable().describe("Maximum of an integer, number or date."),
  })
  .meta({ id: "PublishedParameter" });
export type PublishedParameter = z.infer<typeof publishedParameter>;

/** The path of a workspace in a request. It is only looked up, so its limits are wider than those of names. */
export const workspacePath = repositoryPath.extend({
  name: lookedUpName.meta({ examples: ["nearby-earthquakes"] }),
});
export type WorkspacePath = z.infer<typeof workspacePath>;

const header = (description: string) => z.string().max(1000).optional().describe(description);

export const publishHeaders = z.object({
  "if-match": header("The ETag of the text that you replace; if it has changed since, 412 is returned."),
  "if-none-match": header("`*` refuses to replace a workspace, with 412."),
});

export const workspaceChange = z.strictObject({
  name: itemName.optional(),
  repository: lookedUpName.optional().describe("Where to move it. It then reads the data files of that repository."),
});
export type WorkspaceChange = z.infer<typeof workspaceChange>;

export const workspaceView = z
  .object({
    repository: z.string(),
    name: z.string(),
    title: z.string(),
    description: z.string(),
    output: z.enum(outputFormats).describe("The output format, unless a parameter selects it."),
    parameters: z.array(publishedParameter),
    owner: z.string().describe("Username."),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    can: z.object({ run: z.boolean(), download: z.boolean(), replace: z.boolean(), remove: z.boolean() }),
  })
  .meta({ id: "Workspace" });
export type WorkspaceView = z.infer<typeof workspaceView>;

export const workspaceFilter = z.object({
  repository: lookedUpName.optional().describe("Only workspaces in this repository."),
  q: z
    .string()
    .overwrite((text) => normalizeText(text).trim())
    .max(200)
    .optional()
    .describe("Part of the name, title or description."),
});
export type WorkspaceFilter = z.infer<typeof workspaceFilter>;

/** A workspace whose text contains the name of a data file. */
export const fileMention = z.object({ name: z.string(), title: z.string() });
export type FileMention = z.infer<typeof fileMention>;
