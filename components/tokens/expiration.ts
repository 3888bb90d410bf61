import type { ExpirationFields } from "@/components/forms/expiration-fields";
import { expirationDaysDefault, expirationPresets } from "@/lib/tokens/schema";

const day = 86_400_000;

/** The chosen expiration: a preset in days, a date (`YYYY-MM-DD`) that is the last day, or no change. */
export interface Expiration {
  days: number | "date" | "current";
  date: string;
}

export const defaultExpiration: Expiration = { days: expirationDaysDefault, date: "" };

export const currentExpiration: Expiration = { days: "current", date: "" };

/** The fields of a request for an expiration: a preset is a length. Null if the date is missing. */
export function expirationFields(expiration: Expiration): ExpirationFields | null {
  const { days } = expiration;
  if (days === "current") return {};
  if (days !== "date") return { expiresInSeconds: (days * day) / 1000 };
  const end = expiresAtOf(expiration, new Date());
  return end && { expiresAt: end.toISOString() };
}

/** The time of an expiration: a preset counts from now, a date ends with its last second in the user's time zone. */
export function expiresAtOf({ days, date }: Expiration, now: Date): Date | null {
  if (days === "current") return null;
  if (days !== "date") return new Date(now.getTime() + days * day);
  const end = new Date(`${date}T23:59:59`);
  return Number.isNaN(end.getTime()) ? null : end;
}

/** An expiration with the lifetime of another token: its preset, or a date that many days from now. */
export function likeLifetime(createdAt: string, expiresAt: string, now: Date): Expiration {
  const days = Math.max(1, Math.round((Date.parse(expiresAt) - Date.parse(createdAt)) / day));
  if (expirationPresets.some((preset) => preset.days === days)) return { days, date: "" };
  return { days: "date", date: dayOf(new Date(now.getTime() + days * day)) };
}

/** The date in the user's time zone, in the format of a date input. */
export function dayOf(moment: Date): string {
  const two = (part: number) => String(part).padStart(2, "0");
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}
