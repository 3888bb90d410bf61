import { Card } from "@/components/ui/section";
import type { JobCounts } from "@/lib/jobs/schema";

type Day = JobCounts["days"][number];

/** Bars of the finished jobs per day, and the same numbers as a table. Nothing when there are none. */
export function RunsPerDay({ days }: { days: Day[] }) {
  const highest = Math.max(...days.map(finishedOf));
  if (highest <= 0) return null;
  const [first, last] = [days[0], days.at(-1)];
  return (
    <Card>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h2 className="font-medium">Finished jobs per day</h2>
        <ul className="flex flex-wrap gap-x-4 text-sm text-muted">
          {series.toReversed().map(({ field, label, fill }) => (
            <li key={field} className="flex items-center gap-1.5">
              <span aria-hidden className={`size-2.5 rounded-[2px] ${fill}`} />
              {label} <span className="tabular-nums">{sumOf(days, field)}</span>
            </li>
          ))}
        </ul>
      </div>
      <div aria-hidden className="mt-3 flex h-16 items-end gap-[2px] border-b border-line">
        {days.map((day) => (
          <div
            key={day.day}
            title={sentenceOf(day)}
            className="flex h-full min-w-0 flex-1 flex-col justify-end hover:bg-sunken"
          >
            {series.map(({ field, fill }) => (
              <div
                key={field}
                className={`mx-auto w-full max-w-5 ${fill}`}
                style={{ height: `${(day[field] / highest) * 100}%` }}
              />
            ))}
          </div>
        ))}
      </div>
      <div aria-hidden className="mt-1 flex justify-between text-xs text-muted">
        <span>{first && dayName(first.day)}</span>
        <span>{last && dayName(last.day)} (UTC)</span>
      </div>
      <details className="mt-2 text-sm">
        <summary className="w-fit rounded-[4px] text-muted">Show numbers</summary>
        <table className="mt-2 tabular-nums">
          <thead>
            <tr className="text-muted">
              <th className="pr-6 text-left font-normal">Day (UTC)</th>
              {series.map(({ field, label }) => (
                <th key={field} className="pr-6 text-right font-normal">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {days
              .filter((day) => finishedOf(day) > 0)
              .map((day) => (
                <tr key={day.day}>
                  <th className="pr-6 text-left font-normal">{dayName(day.day)}</th>
                  {series.map(({ field }) => (
                    <td key={field} className="pr-6 text-right">
                      {day[field]}
                    </td>
                  ))}
                </tr>
              ))}
          </tbody>
        </table>
      </details>
    </Card>
  );
}

// From the top of a bar to its bottom.
const series = [
  { field: "failed", label: "Failed", fill: "bg-bad" },
  { field: "cancelled", label: "Cancelled", fill: "bg-edge" },
  { field: "succeeded", label: "Succeeded", fill: "bg-ok" },
] as const;

const finishedOf = ({ succeeded, failed, cancelled }: Day) => succeeded + failed + cancelled;

const sumOf = (days: Day[], field: (typeof series)[number]["field"]) =>
  days.reduce((sum, day) => sum + day[field], 0).toLocaleString("en");

const sentenceOf = (day: Day) =>
  `${dayName(day.day)}: ${day.succeeded} succeeded, ${day.failed} failed, ${day.cancelled} cancelled`;

const dayFormat = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });

const dayName = (day: string) => dayFormat.format(new Date(`${day}T00:00:00Z`));
