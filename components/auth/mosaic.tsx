const tile = 12;

/** One letter per tile. `fills` gives its colour; the four tiles in the middle are the mark. */
const picture = [
  "....w.....",
  ".w......w.",
  "......w...",
  "..w.......",
  "w...ci...w",
  "....im....",
  ".w......w.",
  "...w......",
  "......w...",
  ".w......w.",
];

const fills: Record<string, string> = {
  ".": "fill-line/50",
  w: "fill-line",
  c: "fill-clay",
  i: "fill-ink",
  m: "fill-muted",
};

const tiles = picture.flatMap((row, y) =>
  [...row].map((letter, x) => ({ at: `${x} ${y}`, x: x * tile, y: y * tile, fill: fills[letter] })),
);

/** A decorative mosaic beside the sign-in form. It contains the mark. */
export function Mosaic() {
  return (
    <svg viewBox="0 0 120 120" aria-hidden="true" preserveAspectRatio="xMidYMid slice" className="size-full">
      {tiles.map(({ at, x, y, fill }) => (
        <rect key={at} x={x + 0.5} y={y + 0.5} width={tile - 1} height={tile - 1} rx="1" className={fill} />
      ))}
    </svg>
  );
}
