import type { Expiration } from "@/components/tokens/expiration";
import { appDaysDefault } from "@/lib/apps/schema";

/** Lengths on offer for the token of an app: pages live longer than programs. */
export const appExpirationPresets = [
  { title: "90 days", days: 90 },
  { title: "1 year", days: 365 },
  { title: "5 years", days: 1825 },
] as const;

export const yearFromNow: Expiration = { days: 365, date: "" };

/** With the length that an app gets unless told, where the server allows as much; else with the longest it allows. */
export function presetsUpTo(daysMax: number) {
  const usual = defaultDays(daysMax);
  const title = usual % 365 === 0 ? `${usual / 365} years` : `${usual} days`;
  return [...appExpirationPresets.filter(({ days }) => days < usual), { title, days: usual }];
}

/** How long an app's token lives unless told. */
export const defaultDays = (daysMax: number) => Math.min(appDaysDefault, daysMax);
