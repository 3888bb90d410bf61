import { createReadStream, createWriteStream } from "node:fs";
import { readdir, rename, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import iconv from "iconv-lite";
import { EngineRefusal } from "./refusal.mjs";

// iconv-lite reads its tables at first use, when the process may no longer read the program's files.
iconv.getCodec("windows-1252");

/** Returns the names of the data files that may have caused an error. DuckDB names the file, except when invalid text in
 * a column that it skips breaks it. @param {string} text the error @param {string} folder @returns {Promise<string[]>} */
export async function unreadableFiles(text, folder) {
  const names = await readdir(folder);
  if (text.startsWith("INTERNAL Error")) return names.filter((name) => textName.test(name));
  const named = fileNamed
    .exec(text.replaceAll(`${folder}/`, ""))
    ?.slice(1)
    .find(Boolean);
  return names.filter((name) => name === named);
}

const textName = /\.(?:csv|tsv|tab|txt|json|jsonl|ndjson|geojson)$/i;

const fileNamed =
  /\n {2}file = (.*?)\n|sniffing file "(.*?)"\.\n|Malformed JSON in file "(.*?)", at|content of file '(.*?)' as valid UTF-8/;

/** Rewrites a file in UTF-8 with line feeds. Returns what it was, or null when unchanged; refuses one that is not text.
 * @param {string} path @param {string} name for the refusal @returns {Promise<string | null>} */
export async function convertTextFile(path, name) {
  const { encoding, hasMixedLineEnds } = await examine(path, name);
  if (encoding === "UTF-8" && !hasMixedLineEnds) return null;
  const draft = `${path}.converted`;
  try {
    await pipeline(
      createReadStream(path),
      iconv.decodeStream(encoding),
      (texts) => plainLines(texts, name),
      createWriteStream(draft, { flags: "wx", mode: 0o600 }),
    );
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
  return hasMixedLineEnds ? `${encoding} with mixed line ends` : encoding;
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
    start ??= bytes.subarray(0, 4096);
    previous = noteLineEnds(bytes, previous, lineEnds);
    hasNul ||= bytes.includes(0);
    isUtf8 &&= isDecodable(decoder, bytes);
  }
  isUtf8 &&= isDecodable(decoder);
  const utf16 = start && utf16Of(start, isUtf8);
  if (!utf16 && !isUtf8 && hasNul) throw notText(name);
  return { encoding: utf16 ?? (isUtf8 ? "UTF-8" : "windows-1252"), hasMixedLineEnds: !utf16 && lineEnds.size > 1 };
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
  if (start[0] === 0xff && start[1] === 0xfe) return "UTF-16LE";
  if (start[0] === 0xfe && start[1] === 0xff) return "UTF-16BE";
  const zeros = [0, 0];
  for (const [index, byte] of start.entries()) if (byte === 0) zeros[index % 2]++;
  if (isUtf8 || Math.max(...zeros) < start.length / 8) return null;
  return zeros[1] > zeros[0] ? "UTF-16LE" : "UTF-16BE";
}

/** A carriage return at the end of one piece may belong to a line feed at the start of the next. */
async function* plainLines(texts, name) {
  let held = "";
  for await (const piece of texts) {
    if (piece.includes("\uFFFD")) throw notText(name);
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
