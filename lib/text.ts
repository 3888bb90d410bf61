// Browser code imports this file, so it imports nothing.

/** PostgreSQL refuses text with a NUL character or half a surrogate pair. */
export const isStorable = (value: unknown): boolean => typeof value !== "string" || !/\0|\p{Cs}/u.test(value);

/** The form in which text is compared and stored: NFC, and joiners only where they are visible (decision 1820). */
export function normalizeText(text: string): string {
  const composed = text.normalize();
  const joined = composed.replace(/[\u200C\u200D]+/g, (joiners, at: number) => {
    const before = composed.slice(Math.max(0, at - 2), at);
    const after = composed.slice(at + joiners.length, at + joiners.length + 2);
    return isJoining(before, joiners.charAt(0), after) ? joiners.charAt(0) : "";
  });
  return joined.normalize();
}

/** In these scripts letters do not join. */
const separate = [
  "Armn",
  "Bopo",
  "Cyrl",
  "Ethi",
  "Geor",
  "Grek",
  "Hang",
  "Hani",
  "Hebr",
  "Hira",
  "Kana",
  "Latn",
  "Thai",
]
  .map((script) => `\\p{scx=${script}}`)
  .join("");
const joiningEnd = new RegExp(`(?![${separate}])[\\p{L}\\p{M}]$`, "u");
const joiningStart = new RegExp(`^(?![${separate}])[\\p{L}\\p{M}]`, "u");

/** Between letters of a joining script, after a mark of one (a virama), and between the parts of an emoji. */
function isJoining(before: string, joiner: string, after: string): boolean {
  if (joiningEnd.test(before)) return /\p{M}$/u.test(before) || joiningStart.test(after);
  const isInEmoji = /[\p{Extended_Pictographic}\p{Emoji_Modifier}]$/u.test(before);
  return joiner === "\u200D" && isInEmoji && /^\p{Extended_Pictographic}/u.test(after);
}

export const normalizeUserName = (text: string): string => normalizeText(text).trim().toLowerCase();

export const containsNormalized = (text: string, part: string): boolean =>
  normalizeText(text).toLowerCase().includes(normalizeText(part).toLowerCase());

/** Decodes a segment of a URL's path to the form in which names are stored. Throws a URIError. */
export const decodeSegment = (encoded: string): string => normalizeText(decodeURIComponent(encoded));

/** Embeddings, overrides and isolates make a name look like another one (CVE-2021-42574). */
export const hasDirectionControls = (text: string): boolean => /[\u202A-\u202E\u2066-\u2069]/.test(text);
export const directionControlsSentence =
  "Remove the invisible characters that change the direction of text (U+202A to U+202E, U+2066 to U+2069).";

export const hasInvisible = (text: string): boolean => text.search(invisible) >= 0;

/** Text without the characters that people do not see, other than joiners. */
export const visibleText = (text: string): string => normalizeText(normalizeText(text).replace(invisible, ""));

const invisible = /(?!\p{Join_Control})[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0]|\u034F|\u17B4|\u17B5/gu;

/** The URL of a page can contain what the search field does not accept. `lengthMax` is in UTF-16 code units. */
export const sanitizeSearch = (text: string, lengthMax = 100): string =>
  normalizeText(text)
    .replace(/[\p{Cc}\p{Cs}]/gu, "")
    .trim()
    .slice(0, lengthMax);

/** Compares names for lists, like the collation of the database: regardless of case, accents second, numbers by value. */
export const compareNames = new Intl.Collator("und", { numeric: true }).compare;
