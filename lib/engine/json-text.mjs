import { DuckDBTypeId } from "@duckdb/node-api";
import { EngineRefusal } from "./refusal.mjs";
import { doubleText, floatText, textWriter, wholeTypes } from "./value-text.mjs";

/** Returns what writes values as JSON (RFC 8259), NaN and the like as null. Refuses a struct with unnamed members.
 * @param {import("@duckdb/node-api").DuckDBType} type @returns {(value: any) => string} */
export function jsonWriter(type) {
  const write = nonNullWriter(type);
  return (value) => (value === null || value === undefined ? "null" : write(value));
}

/** @param {{ name: string, write: (value: any) => string }[]} members @returns {(values: readonly unknown[]) => string} */
export function objectWriter(members) {
  const keys = members.map(({ name }, at) => `${at === 0 ? "{" : ","}${JSON.stringify(name)}:`);
  if (members.length === 0) return () => "{}";
  return (values) => {
    let text = "";
    for (let at = 0; at < members.length; at++) text += keys[at] + members[at].write(values[at]);
    return `${text}}`;
  };
}

function nonNullWriter(type) {
  if (wholeTypes.has(type.typeId)) return textWriter(type);
  switch (type.typeId) {
    case DuckDBTypeId.BOOLEAN:
      return String;
    case DuckDBTypeId.FLOAT:
      return (value) => (Number.isFinite(value) ? floatText(value) : "null");
    case DuckDBTypeId.DOUBLE:
      return (value) => (Number.isFinite(value) ? doubleText(value) : "null");
    case DuckDBTypeId.LIST:
    case DuckDBTypeId.ARRAY: {
      const write = jsonWriter(type.valueType);
      return ({ items }) => `[${items.map(write).join(",")}]`;
    }
    case DuckDBTypeId.STRUCT:
      return structWriter(type);
    case DuckDBTypeId.MAP:
      return mapWriter(type);
    case DuckDBTypeId.UNION: {
      const writers = new Map(type.memberTags.map((tag, at) => [tag, jsonWriter(type.memberTypes[at])]));
      return ({ tag, value }) => writers.get(tag)(value);
    }
    case DuckDBTypeId.VARIANT:
      return ({ value, type: held }) => jsonWriter(held)(value);
    case DuckDBTypeId.VARCHAR:
      return type.alias === "JSON" ? strictJson : JSON.stringify;
    default: {
      const write = textWriter(type);
      return (value) => JSON.stringify(write(value));
    }
  }
}

function structWriter({ entryNames, entryTypes }) {
  if (new Set(entryNames).size < entryNames.length || entryNames.includes("__proto__")) {
    throw new EngineRefusal(
      "format",
      "A struct has members without a name of their own. Name them, for example {a: 1, b: 2}.",
    );
  }
  const write = objectWriter(entryNames.map((name, at) => ({ name, write: jsonWriter(entryTypes[at]) })));
  return ({ entries }) => write(entryNames.map((name) => entries[name]));
}

function mapWriter({ keyType, valueType }) {
  const writeKey = jsonWriter(keyType);
  const write = jsonWriter(valueType);
  const keyText = (key) => {
    const text = writeKey(key);
    return text.startsWith('"') ? text : JSON.stringify(text);
  };
  return ({ entries }) => `{${entries.map(({ key, value }) => `${keyText(key)}:${write(value)}`).join(",")}}`;
}

const laxToken = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\b(?:nan|inf(?:inity)?)\b|,(?=\s*[\]}])/gi;

/** DuckDB accepts NaN and trailing commas in JSON, and anything as the JSON of a Parquet file. @param {string} text */
export function strictJson(text) {
  if (isJson(text)) return text;
  const strict = text.replace(laxToken, (token) => (token[0] === '"' ? token : token === "," ? "" : "null"));
  return isJson(strict) ? strict : JSON.stringify(text);
}

function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
