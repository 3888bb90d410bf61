import { readdirSync } from "node:fs";
import { piecesOf } from "./statement.mjs";

/** Rewrites names of files in strings, quoted identifiers and text values to NFC, since file systems compare bytes.
 * @template {{ sql: string, folder: string, values: Record<string, { type: string, value: unknown }> }} T
 * @param {T} order @returns {T} */
export function withStoredFileNames(order) {
  const files = readdirSync(order.folder).filter((name) => /\P{ASCII}/u.test(name));
  if (files.length === 0) return order;
  const stored = (text) => {
    const composed = text.normalize();
    return composed !== text && namesFile(composed, files) ? composed : text;
  };
  const values = Object.entries(order.values).map(([name, given]) => [
    name,
    typeof given.value === "string" ? { ...given, value: stored(given.value) } : given,
  ]);
  return { ...order, sql: withStored(order.sql, stored), values: Object.fromEntries(values) };
}

/** @param {string} sql @param {(text: string) => string} stored */
function withStored(sql, stored) {
  const parts = [];
  let kept = 0;
  for (const { start, end } of piecesOf(sql)) {
    parts.push(sql.slice(kept, start), stored(sql.slice(start, end)));
    kept = end;
  }
  return parts.join("") + sql.slice(kept);
}

/** @param {string} text with or without quotes; it can be a pattern with `*` and `?` @param {string[]} files */
function namesFile(text, files) {
  const name = text.replace(/^(['"]|\$\$)([\s\S]*)\1$/, "$2").replace(/^\.\//, "");
  if (!/[*?]/.test(name)) return files.includes(name);
  const parts = name.split(/(\*+|\?)/).map((part) => {
    if (part === "?") return ".";
    return part.startsWith("*") ? ".*" : part.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  });
  const pattern = new RegExp(`^${parts.join("")}$`, "su");
  return files.some((file) => pattern.test(file));
}
