import { z } from "zod";
import { lookedUpName } from "../fields";
import { hasInvisible, normalizeText } from "../text";

/** File systems allow 255 bytes, of which results need up to 25 for the number of the job and the format. */
const itemBytesMax = 230;

/** It is used in URLs, permissions and file systems. Marks and joiners are parts of letters. */
export const itemName = z
  .string()
  .overwrite(normalizeText)
  .regex(
    /^[\p{L}\p{N}_](?:[\p{L}\p{M}\p{N}\u200C-\u200D._ -]{0,98}[\p{L}\p{M}\p{N}\u200C-\u200D_-])?$/u,
    "must be 1 to 100 letters, digits, spaces, dots, dashes or underscores, and must not start or end with a space or dot",
  )
  .refine((name) => !hasInvisible(name), "must not contain invisible characters")
  .refine(
    (name) => new TextEncoder().encode(name).length <= itemBytesMax,
    `must be at most ${itemBytesMax} bytes long in UTF-8, so use fewer characters`,
  );

/** The path of a repository in a request. It is only looked up, so its limits are wider than {@link itemName}. */
export const repositoryPath = z.object({
  repository: lookedUpName.meta({ examples: ["Samples"] }),
});
export const filePath = repositoryPath.extend({
  file: lookedUpName.meta({ examples: ["earthquakes.json"] }),
});
export type FilePath = z.infer<typeof filePath>;

export const repositoryRemoval = z.object({
  onlyEmpty: z
    .enum(["true", "false"])
    .default("false")
    .describe("With `true`, a repository that has workspaces or data files is refused with 409."),
});

/** The path of a data file in the REST interface. */
export function fileUrlOf({ repository, file }: FilePath) {
  return `/api/v1/repositories/${encodeURIComponent(repository)}/files/${encodeURIComponent(file)}` as const;
}

export const uploadPath = z.object({ upload: z.uuid() });

const header = (description: string) => z.string().optional().describe(description);

const partHeaders = z.object({
  "repr-digest": header("`sha-256=:<base64>:` of the file. The upload is refused when another file arrived."),
  "upload-complete": header("`?0` when further parts follow, `?1` with the last one."),
  "upload-length": header("The size of the whole file in bytes."),
});

/** RFC 9110 section 13.1. */
export const conditionHeaders = z.object({
  "if-match": header("ETags; another present file, or none, is not changed, with 412."),
  "if-none-match": header("`*` refuses to change a present file, with 412; ETags refuse to change one of these."),
});

export const uploadHeaders = partHeaders.extend(conditionHeaders.shape);

export const appendHeaders = partHeaders.extend({
  "upload-offset": header("How many bytes precede this part."),
});

export const newRepository = z.strictObject({
  name: itemName,
  description: z
    .string()
    .overwrite((text) => text.normalize().trim())
    .max(500)
    .default(""),
});
export type NewRepository = z.infer<typeof newRepository>;

export const repositoryView = z
  .object({
    name: z.string(),
    description: z.string(),
    owner: z.string().describe("Username."),
    createdAt: z.iso.datetime(),
    workspaces: z.int().describe("Number of workspaces."),
    files: z.int().describe("Number of data files."),
    can: z.object({
      read: z.boolean(),
      download: z.boolean(),
      publish: z.boolean(),
      remove: z.boolean(),
      share: z.boolean().describe("Whether you can share it with others."),
    }),
  })
  .meta({ id: "Repository" });
export type RepositoryView = z.infer<typeof repositoryView>;

export const fileView = z
  .object({
    name: z.string(),
    size: z.int().describe("Bytes."),
    sha256: z.string().describe("Lower-case hexadecimal."),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: "DataFile" });
export type FileView = z.infer<typeof fileView>;
