import type { Size } from "./map-projection";
import type { MapView } from "./map-view";
import { type Dot, titleOf } from "./places";
import type { ResultTable } from "./result";

const factsMax = 5;

/** Shows the row of a place beside the place, on the side with more room. Screen readers find the same in the table. */
export function PlaceCard({
  table,
  dot: { row, radius, ...dot },
  view,
  size: [width, height],
}: {
  table: ResultTable;
  dot: Dot;
  view: MapView;
  size: Size;
}) {
  const [x, y, gap] = [dot.x * view.scale + view.x, dot.y * view.scale + view.y, radius + 8];
  const title = titleOf(table, row);
  const facts = table.columns
    .map((column, at) => ({ at, name: column.name, cell: table.rows[row]?.[at] ?? null }))
    .filter(({ cell }) => cell !== null && cell !== title)
    .slice(0, factsMax);
  const horizontal = x > width / 2 ? { right: width - x + gap } : { left: x + gap };
  const vertical = y > height / 2 ? { bottom: Math.max(8, height - y - gap) } : { top: Math.max(8, y - gap) };
  return (
    <div
      aria-hidden
      style={{ ...horizontal, ...vertical }}
      className="popup pointer-events-none absolute max-w-[min(16rem,45%)] px-2.5 py-1.5 text-sm"
    >
      <p className="font-medium break-words">{title}</p>
      <dl className="grid grid-cols-[auto_1fr] gap-x-2 text-xs">
        {facts.map(({ at, name, cell }) => (
          <div key={at} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd className="truncate tabular-nums">{cell}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
