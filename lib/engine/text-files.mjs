import { createReadStream, createWriteStream } from "node:fs";
import { open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import iconv from "iconv-lite";
import { EngineRefusal } from "./refusal.mjs";

// iconv-lite reads its tables at first use, when the process may no longer read the program's files.
iconv.getCodec("windows-1252");

/** Returns the names of the data files that may have caused an error. DuckDB names the file, except when invalid text in
 * a column that it skips breaks it. @param {string} text the error @param {string} folder @returns {Promise<string[]>} */
export async function unreadableFiles(text, folder) {
  if (text.startsWith("INTERNAL Error")) return textFilesIn(folder);
  const names = await readdir(folder);
  const named = fileNamed
    .exec(text.replaceAll(`${folder}/`, ""))
    ?.slice(1)
    .find(Boolean)
    // A file that a pattern such as *.csv matched is named ./rain.csv.
    ?.replace(/^\.\//, "");
  return names.filter((name) => name === named);
}

/** Returns the names of the files of a query that DuckDB would read without an error, but not as their text: UTF-16 without
 * a byte order mark, JSON with one, and any text where an option of the query leaves out lines that are not in UTF-8.
 * @param {{ sql: string, folder: string, values: Record<string, { value: unknown }> }} order @returns {Promise<string[]>} */
export async function misreadFiles({ sql, folder, values }) {
  const written = [sql, ...Object.values(values).map(({ value }) => String(value))];
  const isPattern = written.some((text) => filePattern.test(text));
  const names = (await textFilesIn(folder)).filter((name) => isPattern || written.some((text) => text.includes(name)));
  if (hidesErrors.test(sql)) return names;
  const starts = await Promise.all(names.map(async (name) => ({ name, start: await startOf(join(folder, name)) })));
  return starts.filter(({ name, start }) => isMisread(name, start)).map(({ name }) => name);
}

const filePattern = /^[^\s'"$]*[*?[]|['"$][^\s'"$]*[*?[]/;
const hidesErrors = /ignore_errors|store_rejects|rejects_(?:table|scan)|strict_mode/i;

function isMisread(name, start) {
  if (hasUtf8Mark(start)) return jsonName.test(name);
  return !hasUtf16Mark(start) && utf16Of(start, isWhollyUtf8(start)) !== null;
}

async function startOf(path) {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(startBytes), 0, startBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

const startBytes = 4096;
const jsonName = /\.(?:json|jsonl|ndjson|geojson)$/i;

/** The names of the data files that are text by their names. @param {string} folder */
const textFilesIn = async (folder) => (await readdir(folder)).filter((name) => textName.test(name));

const textName = /\.(?:csv|tsv|tab|txt|json|jsonl|ndjson|geojson)$/i;

const fileNamed =
  /\n {2}file = (.*?)\n|sniffing file "(.*?)"\.\n|Malformed JSON in file "(.*?)", at|content of file '(.*?)' as valid UTF-8/;

/** Rewrites a file in UTF-8 with line feeds. Returns what it was, or null when unchanged; refuses one that is not text.
 * @param {string} path @param {string} name for the refusal @param {string} draft a path beside the data files
 * @returns {Promise<string | null>} */
export async function convertTextFile(path, name, draft) {
  const { encoding, hasMixedLineEnds, hasMark } = await examine(path, name);
  const isMarkedJson = hasMark && jsonName.test(name);
  if (encoding === "UTF-8" && !hasMixedLineEnds && !isMarkedJson) return null;
  try {
    await pipeline(
      createReadStream(path),
      iconv.decodeStream(encoding),
      (texts) => plainLines(texts, encoding, name),
      createWriteStream(draft, { flags: "wx", mode: 0o600 }),
    );
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
  const oddities = [hasMixedLineEnds && "mixed line ends", isMarkedJson && "a byte order mark"].filter(Boolean);
  return [encoding, oddities.join(" and ")].filter(Boolean).join(" with ");
}

/** @param {string} path @param {string} name */
async function examine(path, name) {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const lineEnds = new Set();
  let start = null;
  let previous = 0;
  let hasNul = false;
  let isUtf8 = true;
  for await (const bytes of createReadStream(path)) {
    start ??= bytes.subarray(0, startBytes);
    previous = noteLineEnds(bytes, previous, lineEnds);
    hasNul ||= bytes.includes(0);
    isUtf8 &&= isDecodable(decoder, bytes);
  }
  isUtf8 &&= isDecodable(decoder);
  if (start && hasUtf32Mark(start)) throw notText(name);
  const utf16 = start && utf16Of(start, isUtf8);
  if (!utf16 && !isUtf8 && hasNul) throw notText(name);
  const encoding = utf16 ?? (isUtf8 ? "UTF-8" : "windows-1252");
  const hasMark = encoding === "UTF-8" && start !== null && hasUtf8Mark(start);
  return { encoding, hasMixedLineEnds: !utf16 && lineEnds.size > 1, hasMark };
}

/** @param {Buffer} bytes @param {number} previous the byte before them @param {Set<string>} found */
function noteLineEnds(bytes, previous, found) {
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) {
    found.add((at === 0 ? previous : bytes[at - 1]) === 13 ? "CRLF" : "LF");
    if (found.size > 1) break;
  }
  if (previous === 13 && bytes[0] !== 10) found.add("CR");
  for (let at = bytes.indexOf(13); at >= 0 && at < bytes.length - 1; at = bytes.indexOf(13, at + 1)) {
    if (bytes[at + 1] === 10) continue;
    found.add("CR");
    break;
  }
  return bytes.at(-1) ?? previous;
}

/** Without bytes: whether the text ends with a whole character. */
function isDecodable(decoder, bytes) {
  try {
    decoder.decode(bytes, { stream: bytes !== undefined });
    return true;
  } catch {
    return false;
  }
}

/** By its byte order mark, or since every other byte of Latin text is zero. */
function utf16Of(start, isUtf8) {
  if (hasUtf16Mark(start)) return start[0] === 0xff ? "UTF-16LE" : "UTF-16BE";
  const zeros = [0, 0];
  for (const [index, byte] of start.entries()) if (byte === 0) zeros[index % 2]++;
  const [fewer, more] = zeros.toSorted((a, b) => a - b);
  // Text in UTF-8 may have some NUL characters. Other bytes with zeros on both sides are no text.
  const isLatin = isUtf8 ? fewer === 0 && more >= 4 && more >= start.length / 4 : more >= start.length / 8;
  if (!isLatin || more === 0 || fewer > more / 10) return null;
  return zeros[1] > zeros[0] ? "UTF-16LE" : "UTF-16BE";
}

const hasUtf16Mark = ([first, second]) => (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
const hasUtf32Mark = ([first, second, third, fourth]) =>
  first === 0xff && second === 0xfe && third === 0 && fourth === 0;
const hasUtf8Mark = (start) => start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf;

const isWhollyUtf8 = (bytes) => isDecodable(new TextDecoder("utf-8", { fatal: true }), bytes);

/** A carriage return at the end of one piece may belong to a line feed at the start of the next. UTF-8 was decoded before,
 * so there the replacement character is one of the text. */
async function* plainLines(texts, encoding, name) {
  let held = "";
  for await (const piece of texts) {
    if (encoding !== "UTF-8" && piece.includes("\uFFFD")) throw notText(name);
    const text = held + piece;
    held = text.endsWith("\r") ? "\r" : "";
    yield text.slice(0, text.length - held.length).replaceAll(/\r\n?/g, "\n");
  }
  if (held) yield "\n";
}

const notText = (name) =>
  new EngineRefusal(
    "sql",
    `${name} is not text in UTF-8, UTF-16 or windows-1252. Save it as UTF-8 and upload it again.`,
  );
