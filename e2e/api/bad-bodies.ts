import type { z } from "zod";
import { type JsonSchema, SchemaCollection } from "@/lib/openapi/schemas";

/** A body with one fault, and the field that the refusal must name (null when it names none). */
export interface BadBody {
  what: string;
  field: string | null;
  body: unknown;
}

type Json = Record<string, unknown>;

/** Derives bodies with one fault each from a valid body and its schema. */
export function badBodies(schema: z.ZodType, good: Json): BadBody[] {
  return objectsIn(new SchemaCollection().input(schema), good, []).flatMap(({ path, json, value }) => {
    const { properties = {}, required = [] } = json as { properties?: Record<string, JsonSchema>; required?: string[] };
    const at = (name: string) => [...path, name].join(".");
    const withField = (name: string, wrong: unknown) => replaceAt(good, path, { ...value, [name]: wrong });
    return [
      { what: "an unknown field", field: at("colour"), body: withField("colour", "red") },
      ...required.map((name) => ({
        what: `no ${at(name)}`,
        field: at(name),
        body: replaceAt(good, path, Object.fromEntries(Object.entries(value).filter(([key]) => key !== name))),
      })),
      ...Object.entries(properties).flatMap(([name, property]) =>
        wrongValues(property).map(([what, wrong]) => ({
          what: `${at(name)}: ${what}`,
          field: at(name),
          body: withField(name, wrong),
        })),
      ),
    ];
  });
}

/** The objects of a schema that the valid body contains, with their paths. */
function objectsIn(
  json: JsonSchema,
  value: unknown,
  path: string[],
): { path: string[]; json: JsonSchema; value: Json }[] {
  if (json.type !== "object" || !json.properties || typeof value !== "object" || value === null) return [];
  const inner = Object.entries(json.properties as Record<string, JsonSchema>).flatMap(([name, property]) =>
    objectsIn(property, (value as Json)[name], [...path, name]),
  );
  return [{ path, json, value: value as Json }, ...inner];
}

function replaceAt(whole: Json, path: string[], part: Json): Json {
  const [first, ...rest] = path;
  return first === undefined ? part : { ...whole, [first]: replaceAt(whole[first] as Json, rest, part) };
}

/** Values that a field of this schema must refuse, each with a description of its fault. */
function wrongValues(property: JsonSchema): [string, unknown][] {
  const types = typesOf(property);
  const ofWrongType = Object.entries(samples).filter(([type]) => !types.has(type));
  return [
    ...ofWrongType.map(([type, value]): [string, unknown] => [`${type} instead of the right type`, value]),
    ["a NUL character", "a\u0000b"],
    ["half a surrogate pair", "\ud83d"],
    ["nested too deep", JSON.parse("[".repeat(40) + "]".repeat(40))],
    ...(types.has("string") ? [["far too long", "x".repeat(200_000)] satisfies [string, unknown]] : []),
    ...(types.has("array") ? [["far too many", Array(20_000).fill("x")] satisfies [string, unknown]] : []),
    ...(types.has("object")
      ? [["a key for JavaScript", JSON.parse('{"__proto__":{"x":1}}')] satisfies [string, unknown]]
      : []),
  ];
}

const samples = { string: "no such thing", number: 4.5, boolean: true, array: [], object: { no: "such" }, null: null };

function typesOf(json: JsonSchema): Set<string> {
  const alternatives = (json.anyOf ?? json.oneOf) as JsonSchema[] | undefined;
  if (alternatives) return new Set(alternatives.flatMap((each) => [...typesOf(each)]));
  return new Set([json.type === "integer" ? "number" : String(json.type ?? typeof (json.enum as unknown[])?.[0])]);
}
