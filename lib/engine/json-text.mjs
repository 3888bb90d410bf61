import { DuckDBTypeId } from "@duckdb/node-api";

/** Whole numbers and decimals keep every digit, NaN and infinity become null, times become text. @returns {string}
 * @param {import("@duckdb/node-api").DuckDBValue} value @param {import("@duckdb/node-api").DuckDBType} type */
export function jsonText(value, type) {
  if (value === null || value === undefined) return "null";
  switch (type.typeId) {
    case DuckDBTypeId.BOOLEAN:
    case DuckDBTypeId.TINYINT:
    case DuckDBTypeId.SMALLINT:
    case DuckDBTypeId.INTEGER:
    case DuckDBTypeId.BIGINT:
    case DuckDBTypeId.HUGEINT:
    case DuckDBTypeId.UTINYINT:
    case DuckDBTypeId.USMALLINT:
    case DuckDBTypeId.UINTEGER:
    case DuckDBTypeId.UBIGINT:
    case DuckDBTypeId.UHUGEINT:
    case DuckDBTypeId.DECIMAL:
      return String(value);
    case DuckDBTypeId.FLOAT:
    case DuckDBTypeId.DOUBLE:
      return Number.isFinite(value) ? String(value) : "null";
    case DuckDBTypeId.LIST:
    case DuckDBTypeId.ARRAY:
      return `[${value.items.map((item) => jsonText(item, type.valueType)).join(",")}]`;
    case DuckDBTypeId.STRUCT:
      return objectText(type.entryNames.map((name, index) => [name, value.entries[name], type.entryTypes[index]]));
    case DuckDBTypeId.MAP:
      return objectText(value.entries.map(({ key, value: item }) => [String(key), item, type.valueType]));
    case DuckDBTypeId.UNION:
      return jsonText(value.value, type.memberTypeForTag(value.tag));
    default:
      return type.alias === "JSON" ? String(value) : JSON.stringify(String(value));
  }
}

/** @param {[name: string, value: unknown, type: import("@duckdb/node-api").DuckDBType][]} members */
export const objectText = (members) =>
  `{${members.map(([name, value, type]) => `${JSON.stringify(name)}:${jsonText(value, type)}`).join(",")}}`;
