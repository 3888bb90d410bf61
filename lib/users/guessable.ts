import common from "./common-passwords.json" with { type: "json" };

const listed = new Set(common.passwords.split(" "));
const listedLengthMax = 20;
const keyboardRows = ["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"].flatMap((row) => [
  row,
  [...row].reverse().join(""),
]);

/** The minimum of independent choices in a password, which is more than three common words. */
const choicesMin = 7;

/** Whether a normalised password is common, or little more than common passwords, runs and names from its context (NIST
 * SP 800-63B section 3.1.1.2). */
export function isGuessable(password: string, names: readonly string[]): boolean {
  const text = password.toLowerCase();
  const words = [...names, "tessera"].flatMap((name) => [name, ...name.split(/[^\p{L}\p{M}\p{N}]+/u)]);
  const known = new Set(words.map((word) => word.toLowerCase()).filter((word) => word.length >= 3));
  return listed.has(text) || choicesIn(text, known) < choicesMin;
}

/** A common word counts as two choices; a name, a run, a year, a repetition and a single character count as one. */
function choicesIn(text: string, names: ReadonlySet<string>): number {
  const fewest = [0, ...Array<number>(text.length).fill(Number.POSITIVE_INFINITY)];
  for (let start = 0; start < text.length; start++) {
    const before = fewest[start] as number;
    for (let end = start + 1; end <= text.length; end++) {
      const cost = costOf(text, start, end, names);
      if (cost !== null) fewest[end] = Math.min(fewest[end] as number, before + cost);
    }
  }
  return fewest[text.length] as number;
}

function costOf(text: string, start: number, end: number, names: ReadonlySet<string>): number | null {
  const length = end - start;
  if (length === 1) return 1;
  if (length < 3) return null;
  const piece = text.slice(start, end);
  if (names.has(piece) || isRun(piece) || isYear(piece) || isRepetition(text, start, piece)) return 1;
  return length <= listedLengthMax && listed.has(piece) ? 2 : null;
}

const isYear = (piece: string) => /^(19|20)\d\d$/.test(piece);

const isRepetition = (text: string, start: number, piece: string) =>
  start >= piece.length && text.startsWith(piece, start - piece.length);

/** Whether each character follows from the one before, as in `aaa`, `456789`, `cba` and `qwerty`. */
function isRun(piece: string): boolean {
  if (keyboardRows.some((row) => row.includes(piece))) return true;
  const step = piece.charCodeAt(1) - piece.charCodeAt(0);
  if (Math.abs(step) > 1) return false;
  for (let at = 2; at < piece.length; at++) {
    if (piece.charCodeAt(at) - piece.charCodeAt(at - 1) !== step) return false;
  }
  return true;
}
