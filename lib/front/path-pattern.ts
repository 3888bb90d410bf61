export interface PathPattern {
  test(path: string): boolean;
}

/** Compiles a pattern in which `*` matches one segment or a part of one and `**` anything. Unlike a regular expression
 * with several of them, it takes time that grows with the length of the path only. */
export function pathPattern(pattern: string): PathPattern {
  const [prefix = "", ...rest] = pattern.split(/(\*\*|\*)/);
  const parts = rest.flatMap((part) => (part.startsWith("*") ? [part] : [...part]));
  if (parts.length === 0) return { test: (path) => path === prefix };
  if (parts.length === 1 && parts[0] === "**") return { test: (path) => path.startsWith(prefix) };
  return { test: (path) => path.startsWith(prefix) && isMatch(parts, path.slice(prefix.length)) };
}

/** Follows all places in the pattern that the path read so far can have reached. */
function isMatch(parts: readonly string[], path: string): boolean {
  let reached = withSkipped(new Set([0]), parts);
  for (const character of path) {
    const next = new Set<number>();
    for (const place of reached) {
      const part = parts[place];
      if (part === "**" || (part === "*" && character !== "/")) next.add(place);
      if (part === character || (part === "*" && character !== "/")) next.add(place + 1);
    }
    if (next.size === 0) return false;
    reached = withSkipped(next, parts);
  }
  return reached.has(parts.length);
}

/** `**` also matches nothing. */
function withSkipped(places: Set<number>, parts: readonly string[]): Set<number> {
  for (const place of places) if (parts[place] === "**") places.add(place + 1);
  return places;
}
