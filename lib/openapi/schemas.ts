import { z } from "zod";
import { plainPattern } from "./plain-pattern";

export type JsonSchema = Record<string, unknown>;

/** Converts zod schemas to JSON Schemas for one document. A schema with an id (`.meta({ id: "Token" })`) is written
 * once to `components/schemas` and referenced. */
export class SchemaCollection {
  readonly components: Record<string, JsonSchema> = {};

  /** The schema of what a client may send. */
  input(schema: z.ZodType): JsonSchema {
    return this.#converted(schema, "input");
  }

  output(schema: z.ZodType): JsonSchema {
    return this.#converted(schema, "output");
  }

  #converted(schema: z.ZodType, io: "input" | "output"): JsonSchema {
    const override = ({ zodSchema, jsonSchema }: Parameters<Override>[0]) => plainer(zodSchema, jsonSchema, io);
    const { $schema, $defs, ...root } = z.toJSONSchema(schema, { io, unrepresentable: "any", override });
    for (const [id, definition] of Object.entries($defs ?? {})) this.#keep(id, referring(definition));
    return referring(root);
  }

  #keep(id: string, definition: JsonSchema): void {
    const known = this.components[id];
    if (known && JSON.stringify(known) !== JSON.stringify(definition)) {
      throw new Error(`Two schemas of different shape have the id ${id}.`);
    }
    this.components[id] = definition;
  }
}

type Override = NonNullable<NonNullable<Parameters<typeof z.toJSONSchema>[1]>["override"]>;

/** Removes keywords that are no help to a reader, and describes types that JSON lacks. */
function plainer(schema: z.core.$ZodType, json: z.core.JSONSchema.BaseSchema, io: "input" | "output"): void {
  if (schema._zod.def.type === "date") Object.assign(json, { type: "string", format: "date-time" });
  if (json.format) delete json.pattern;
  if (json.pattern) json.pattern = plainPattern(json.pattern);
  if (json.minimum === Number.MIN_SAFE_INTEGER) delete json.minimum;
  if (json.maximum === Number.MAX_SAFE_INTEGER) delete json.maximum;
  // Later versions may add fields to answers, and clients must ignore unknown fields.
  if (io === "output" && json.additionalProperties === false) delete json.additionalProperties;
}

function referring(definition: object): JsonSchema {
  return JSON.parse(JSON.stringify(definition).replaceAll('"#/$defs/', '"#/components/schemas/'));
}
