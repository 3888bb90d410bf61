import { DuckDBTimestampValue, DuckDBTypeId } from "@duckdb/node-api";
import { wktOf } from "./geometry.mjs";

const id = DuckDBTypeId;

/** Types whose text is a number in JSON, with every digit (decision 1814). */
export const wholeTypes = new Set([
  id.TINYINT,
  id.SMALLINT,
  id.INTEGER,
  id.BIGINT,
  id.HUGEINT,
  id.UTINYINT,
  id.USMALLINT,
  id.UINTEGER,
  id.UBIGINT,
  id.UHUGEINT,
  id.BIGNUM,
  id.DECIMAL,
]);

/** Returns what writes the non-null values of a type without parts as text, the same in every format.
 * @param {import("@duckdb/node-api").DuckDBType} type @returns {(value: any) => string} */
export function textWriter(type) {
  switch (type.typeId) {
    case id.DECIMAL:
      return decimalText;
    case id.FLOAT:
      return floatText;
    case id.DOUBLE:
      return doubleText;
    case id.TIMESTAMP_TZ:
      return ({ micros }) => instantText(micros);
    case id.DATE:
    case id.TIMESTAMP:
    case id.TIMESTAMP_S:
    case id.TIMESTAMP_MS:
    case id.TIMESTAMP_NS:
      return finiteText;
    case id.BLOB:
      return ({ bytes }) => Array.from(bytes, (byte) => byteTexts[byte]).join("");
    case id.TIME_TZ:
      return (value) => String(value).replace(/[+-]\d\d$/, "$&:00");
    case id.GEOMETRY:
      return ({ bytes }) => wktOf(bytes);
    default:
      return String;
  }
}

/** The driver writes infinity as the last day that it can count, and the year before 1 as 0. */
function finiteText(value) {
  if (value.isFinite) return String(value).replace(/^0000-(\S+)/, "0001-$1 (BC)");
  const [count] = Object.values(value);
  return count > 0 ? "infinity" : "-infinity";
}

/** As DuckDB writes bytes: printable ASCII without backslash and quotes, and `\xFF`. */
const byteTexts = Array.from({ length: 256 }, (_, byte) => {
  const sign = String.fromCharCode(byte);
  return /[ -~]/.test(sign) && !/["'\\]/.test(sign) ? sign : `\\x${byte.toString(16).toUpperCase().padStart(2, "0")}`;
});

function decimalText({ value, scale }) {
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, "0");
  const sign = value < 0n ? "-" : "";
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

export function doubleText(value) {
  if (Number.isFinite(value)) return Object.is(value, -0) ? "-0" : String(value);
  return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
}

/** Smaller floats have fewer than six significant digits. */
const normalFloatMin = 2 ** -126;

/** The shortest decimal that is the same 32-bit float. */
export function floatText(value) {
  if (Number.isInteger(value) || !Number.isFinite(value)) return doubleText(value);
  for (let digits = Math.abs(value) < normalFloatMin ? 1 : 6; digits < 9; digits++) {
    const shorter = Number(value.toPrecision(digits));
    if (Math.fround(shorter) === value) return String(shorter);
  }
  return String(Number(value.toPrecision(9)));
}

const dateMsMax = 8_640_000_000_000_000n;

/** UTC as in RFC 3339. Years with more than four digits have a sign (ISO 8601), and infinity is a word. */
function instantText(micros) {
  if (micros === DuckDBTimestampValue.PosInf.micros) return "infinity";
  if (micros === DuckDBTimestampValue.NegInf.micros) return "-infinity";
  const fractionMicros = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const ms = (micros - fractionMicros) / 1000n;
  if (ms > dateMsMax) return `+${String(new DuckDBTimestampValue(micros)).replace(" ", "T")}Z`;
  if (ms < -dateMsMax) {
    const [, year, rest] = /^(\d+)-(.*)$/.exec(String(new DuckDBTimestampValue(micros)).replace(" (BC) ", "T")) ?? [];
    return `-${Number(year) - 1}-${rest}Z`;
  }
  const seconds = new Date(Number(ms)).toISOString().slice(0, -".000Z".length);
  const fraction = fractionMicros === 0n ? "" : `.${String(fractionMicros).padStart(6, "0").replace(/0+$/, "")}`;
  return `${seconds}${fraction}Z`;
}
