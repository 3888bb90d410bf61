import { DuckDBTypeId } from "@duckdb/node-api";
import { jsonWriter } from "./json-text.mjs";
import { textWriter } from "./value-text.mjs";

/** Returns what writes a record of CSV (RFC 4180) with its line end. Null is an empty value, and empty text is `""`.
 * Lists, structs and maps are JSON. @param {import("@duckdb/node-api").DuckDBType[]} types */
export function recordWriter(types) {
  const writers = types.map((type) => {
    const write = cellWriter(type);
    return (value) => (value === null ? "" : write(value));
  });
  // Many readers skip an empty line.
  if (writers.length === 1) return ([value]) => `${writers[0](value) || '""'}\n`;
  return (row) => `${writers.map((write, at) => write(row[at])).join(",")}\n`;
}

/** @param {import("@duckdb/node-api").DuckDBType} type @returns {(value: any) => string} */
function cellWriter(type) {
  switch (type.typeId) {
    case DuckDBTypeId.LIST:
    case DuckDBTypeId.ARRAY:
    case DuckDBTypeId.STRUCT:
    case DuckDBTypeId.MAP: {
      const write = jsonWriter(type);
      return (value) => csvText(write(value));
    }
    case DuckDBTypeId.UNION: {
      const writers = new Map(type.memberTags.map((tag, at) => [tag, cellWriter(type.memberTypes[at])]));
      return ({ tag, value }) => (value === null ? "" : writers.get(tag)(value));
    }
    case DuckDBTypeId.VARIANT:
      return ({ value, type: held }) => (value === null ? "" : cellWriter(held)(value));
    default: {
      const write = type.alias === "JSON" ? jsonWriter(type) : textWriter(type);
      return (value) => csvText(write(value));
    }
  }
}

/** @param {string} text */
export const csvText = (text) => (text === "" || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
