/**
 * A pattern that means the same with and without the `u` flag, which validators treat differently. A class with properties of
 * Unicode (`\p{L}`) becomes one of all characters but the ASCII ones that it excludes, so it accepts a little more than the server.
 */
export function plainPattern(pattern: string): string {
  if (!pattern.includes(String.raw`\p{`)) return pattern;
  return pattern
    .replaceAll(/\[(?:\\.|[^\]\\])*\]/g, (characters) =>
      characters.includes(String.raw`\p{`) ? allBut(characters) : characters,
    )
    .replaceAll(/\{(\d+),(\d+)\}/g, (_, min: string, max: string) => `{${min},${2 * Number(max)}}`);
}

/** Without the flag, a character beyond U+FFFF is two of them; hence the doubled maximum above. */
function allBut(characters: string): string {
  const matching = new RegExp(characters, "u");
  const excluded = Array.from({ length: 0x80 }, (_, code) => code).filter(
    (code) => !matching.test(String.fromCharCode(code)),
  );
  const ranges = excluded.reduce<[number, number][]>((found, code) => {
    const last = found.at(-1);
    if (last && last[1] === code - 1) last[1] = code;
    else found.push([code, code]);
    return found;
  }, []);
  return `[^${ranges.map(([from, to]) => (from === to ? escaped(from) : `${escaped(from)}-${escaped(to)}`)).join("")}]`;
}

const escaped = (code: number) => String.raw`\u${code.toString(16).padStart(4, "0")}`;
