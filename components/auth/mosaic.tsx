const tile = 12;

/** One letter per tile: plain, ink, muted, clay. */
const picture = ["..i..c..", ".m..i...", "..c.m..i", "i...c.m.", ".m.i..c.", "c..m...i", "..i..m..", ".c..i..m"];

const fills: Record<string, string> = { ".": "fill-line", i: "fill-ink", m: "fill-muted", c: "fill-clay" };

const tiles = picture.flatMap((row, y) =>
  [...row].map((letter, x) => ({ at: `${x} ${y}`, x: x * tile, y: y * tile, fill: fills[letter] })),
);

/** A field of tiles beside the sign-in form, a few of them fired. Decorative. */
export function Mosaic() {
  return (
    <svg viewBox="0 0 96 96" aria-hidden="true" preserveAspectRatio="xMidYMid slice" className="size-full">
      {tiles.map(({ at, x, y, fill }) => (
        <rect key={at} x={x + 0.5} y={y + 0.5} width={tile - 1} height={tile - 1} rx="1" className={fill} />
      ))}
    </svg>
  );
}
