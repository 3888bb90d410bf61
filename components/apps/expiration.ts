import type { Expiration } from "@/components/tokens/expiration";
import { appDaysDefault } from "@/lib/apps/schema";

/** The presets for an app's token. They are longer than those of other tokens. */
export const appExpirationPresets = [
  { title: "90 days", days: 90 },
  { title: "1 year", days: 365 },
  { title: "5 years", days: 1825 },
] as const;

export const yearFromNow: Expiration = { days: 365, date: "" };

/** The presets up to the server's maximum, which is added when the default is longer. */
export function presetsUpTo(daysMax: number) {
  const usual = defaultDays(daysMax);
  const title = usual % 365 === 0 ? `${usual / 365} years` : `${usual} days`;
  return [...appExpirationPresets.filter(({ days }) => days < usual), { title, days: usual }];
}

/** The default lifetime of an app's token. */
export const defaultDays = (daysMax: number) => Math.min(appDaysDefault, daysMax);
