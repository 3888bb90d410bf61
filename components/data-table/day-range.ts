const day = /^\d{4}-\d{2}-\d{2}$/;

/** The start (UTC) of the day that is `daysLater` days after the given one. Undefined for null and what is no day. */
export function startOfDay(text: string | null, daysLater = 0): Date | undefined {
  const start = text && day.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return Number.isNaN(start) ? undefined : new Date(start + daysLater * 86_400_000);
}

/** The times of a range of days (UTC) in the URL. The last day is included. */
export const timesOf = ({ from, to }: { from: string | null; to: string | null }) => ({
  from: startOfDay(from),
  to: startOfDay(to, 1),
});
