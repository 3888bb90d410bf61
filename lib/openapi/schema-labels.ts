import type { JsonSchema } from "./schemas";

/** One member of an object, as the page shows it. */
export interface Member {
  name: string;
  schema: JsonSchema;
  required: boolean;
  /** Where a parameter is sent: path, query or header. */
  place?: string;
}

/** The members of an object, or of the objects in a list. */
export function membersOf(schema: JsonSchema): Member[] {
  if (schema.type === "array") return membersOf(schema.items as JsonSchema);
  const { properties = {}, required = [] } = schema as { properties?: Record<string, JsonSchema>; required?: string[] };
  return Object.entries(properties).map(([name, member]) => ({
    name,
    schema: member,
    required: required.includes(name),
  }));
}

/** The schema under `#/components/schemas` that this one is, or is a list of. */
export function referredName(schema: JsonSchema): string | null {
  if (typeof schema.$ref === "string") return schema.$ref.split("/").at(-1) ?? null;
  return schema.type === "array" ? referredName(schema.items as JsonSchema) : null;
}

/** Describes a type: "text", "whole number, 1 to 100", "list of Token", "`api` or `session`". */
export function typeWords(schema: JsonSchema): string {
  const alternatives = (schema.anyOf ?? schema.oneOf) as JsonSchema[] | undefined;
  if (alternatives) return either(alternatives.map(typeWords));
  if (typeof schema.$ref === "string") return referredName(schema) ?? "object";
  if (Array.isArray(schema.enum)) return either(schema.enum.map((value) => JSON.stringify(value)));
  if ("const" in schema) return JSON.stringify(schema.const);
  if (schema.type === "array") return `list of ${typeWords(schema.items as JsonSchema)}`;
  return `${formatWords[String(schema.format)] ?? typeNames[String(schema.type)] ?? "anything"}${boundWords(schema)}`;
}

function either(words: string[]): string {
  const unique = [...new Set(words)];
  return unique.length < 3 ? unique.join(" or ") : `${unique.slice(0, -1).join(", ")} or ${unique.at(-1)}`;
}

const typeNames: Record<string, string> = {
  string: "text",
  integer: "whole number",
  number: "number",
  boolean: "true or false",
  object: "object",
  null: "null",
};

const formatWords: Record<string, string> = {
  "date-time": "date and time",
  date: "date",
  uuid: "id",
  email: "e-mail address",
};

function boundWords({ minimum, maximum, minLength, maxLength }: JsonSchema): string {
  const least = minimum ?? minLength;
  const most = maximum ?? maxLength;
  const unit = minLength !== undefined || maxLength !== undefined ? " characters" : "";
  if (least !== undefined && most !== undefined) return `, ${least} to ${most}${unit}`;
  if (most !== undefined) return `, at most ${most}${unit}`;
  return least === undefined ? "" : `, at least ${least}${unit}`;
}
