interface ByteRange {
  start: number;
  end: number;
}

/** The part of `size` bytes that a Range header asks for (RFC 9110 section 14.2), from `start` up to and without `end`.
 * Null stands for the whole: without the header, with one that is malformed, and with several ranges. */
export function requestedRange(header: string | null, size: number): ByteRange | "unsatisfiable" | null {
  const [, first = "", last = ""] = /^bytes=\s*(\d*)-(\d*)\s*$/i.exec(header ?? "") ?? [];
  if (first === "" && last === "") return null;
  if (first === "") return suffix(Number(last), size);
  const start = Number(first);
  const end = last === "" ? size : Math.min(Number(last) + 1, size);
  if (last !== "" && Number(last) < start) return null;
  return start < size ? { start, end } : "unsatisfiable";
}

function suffix(length: number, size: number): ByteRange | "unsatisfiable" {
  return length > 0 && size > 0 ? { start: Math.max(0, size - length), end: size } : "unsatisfiable";
}

/** Whether a list of entity tags in If-None-Match names this one. The weak comparison ignores `W/`. */
export function isListedTag(header: string | null, tag: string): boolean {
  if (header === null) return false;
  return header.trim() === "*" || tagsOf(header).some((each) => withoutWeakness(each) === withoutWeakness(tag));
}

/** Whether a change, or a download, may be done by the conditions in If-Match and If-None-Match (RFC 9110 section 13.1).
 * `tag` is that of the present file, or null when there is none. */
export function isConditionMet(headers: Pick<Headers, "get">, tag: string | null): boolean {
  const [only, unless] = [headers.get("if-match"), headers.get("if-none-match")];
  if (only !== null && !(tag !== null && isStrictlyListed(only, tag))) return false;
  return tag === null || !isListedTag(unless, tag);
}

/** The strong comparison: a weak tag is equal to none. */
export const isStrictlyListed = (header: string, tag: string): boolean =>
  header.trim() === "*" || tagsOf(header).includes(tag);

const tagsOf = (header: string): string[] => header.match(/(?:W\/)?"[^"]*"/g) ?? [];

const withoutWeakness = (tag: string) => tag.replace(/^W\//, "");
