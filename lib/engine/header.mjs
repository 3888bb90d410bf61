import { isAlias, isMap, isScalar, LineCounter, parseDocument } from "yaml";
import { EngineRefusal } from "./refusal.mjs";

const depthMax = 8;
const valuesMax = 20_000;
const pathLengthMax = 200;

/** Parses a YAML header into lists and objects of texts as spelled (`01`, `yes`, `~`); nothing after a colon is null.
 * Refuses tags, aliases, repeated keys, too many or too deep values, and text that cannot be stored, with the line.
 * @param {string} yaml @param {number} lineBefore the number of lines in the file above it
 * @returns {{ header: unknown, lines: Record<string, number> }} with the line of each place, such as `parameters.0.type` */
export function parseHeader(yaml, lineBefore) {
  const lines = new LineCounter();
  // Checking for repeated keys takes the parser time that grows with the square of their number.
  const options = {
    schema: "failsafe",
    uniqueKeys: false,
    prettyErrors: false,
    lineCounter: lines,
    logLevel: "silent",
  };
  const document = parseDocument(yaml, options);
  const lineAt = (offset) => lineBefore + lines.linePos(offset ?? 0).line;
  const refuse = (offset, reason) => {
    throw new EngineRefusal("header", `${reason} (line ${lineAt(offset)}).`, lineAt(offset));
  };
  const [error] = document.errors;
  if (error) refuse(error.pos[0], `The header is not valid YAML: ${error.message}`);
  const places = new Map();
  const note = (path, offset) => {
    if (path.length <= pathLengthMax) places.set(path, lineAt(offset));
  };
  return { header: plainValue(document.contents, refuse, note), lines: Object.fromEntries(places) };
}

/** @param {(offset: number | undefined, reason: string) => never} refuse
 * @param {(path: string, offset: number | undefined) => void} note */
function plainValue(contents, refuse, note) {
  let values = 0;
  const convert = (node, depth, path) => {
    const offset = node?.range?.[0];
    if (++values > valuesMax) refuse(offset, `The header has more than ${valuesMax} values`);
    if (depth > depthMax) refuse(offset, `The header is nested deeper than ${depthMax} levels`);
    if (isAlias(node)) refuse(offset, "YAML aliases are not allowed in the header");
    if (node?.tag && !plainTags.has(node.tag)) refuse(offset, `Leave out the tag ${node.tag}`);
    if (isMap(node)) return mapOf(node, depth, path);
    if (node === null || isScalar(node)) return textOf(node, refuse);
    return node.items.map((item, index) => {
      const place = within(path, index);
      note(place, item?.range?.[0] ?? offset);
      return convert(item, depth + 1, place);
    });
  };
  const mapOf = ({ items }, depth, path) => {
    const entries = new Map();
    for (const { key, value } of items) {
      const name = isScalar(key) ? textOf(key, refuse) : null;
      if (name === null) refuse(key?.range?.[0], "A key in the header must be text");
      if (entries.has(name)) refuse(key.range[0], `The header has ${name.slice(0, 60)} twice in one place`);
      if (name === "__proto__") refuse(key.range[0], "__proto__ is not an allowed key");
      const place = within(path, name);
      note(place, key.range[0]);
      entries.set(name, convert(value, depth + 1, place));
    }
    return Object.fromEntries(entries);
  };
  return convert(contents, 0, "");
}

/** A path that is too long to be noted does not grow any more. */
const within = (path, name) => (path.length > pathLengthMax ? path : path ? `${path}.${name}` : String(name));

const plainTags = new Set(["str", "map", "seq"].map((name) => `tag:yaml.org,2002:${name}`));

function textOf(node, refuse) {
  if (node === null || (node.type === "PLAIN" && node.source === "")) return null;
  const text = String(node.value);
  if (/\0|\p{Cs}/u.test(text)) refuse(node.range[0], "A text has a NUL character or half a surrogate pair");
  return text;
}
