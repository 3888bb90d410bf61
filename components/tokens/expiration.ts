import { expirationDaysDefault, expirationPresets } from "@/lib/tokens/schema";

const day = 86_400_000;

/** What is chosen: one of the presets, by its days; a day (`YYYY-MM-DD`) that ends the token's life; or no change. */
export interface Expiration {
  days: number | "date" | "kept";
  date: string;
}

export const defaultExpiration: Expiration = { days: expirationDaysDefault, date: "" };

export const currentExpiration: Expiration = { days: "kept", date: "" };

/** The moment it stands for: a preset counts from now, a day lasts to its last second in the viewer's zone. Null for none. */
export function expiresAtOf({ days, date }: Expiration, now: Date): Date | null {
  if (days === "kept") return null;
  if (days !== "date") return new Date(now.getTime() + days * day);
  const end = new Date(`${date}T23:59:59`);
  return Number.isNaN(end.getTime()) ? null : end;
}

/** A length like that of another token: the preset if it was one, else the day that many days from now. */
export function likeLifetime(createdAt: string, expiresAt: string, now: Date): Expiration {
  const days = Math.max(1, Math.round((Date.parse(expiresAt) - Date.parse(createdAt)) / day));
  if (expirationPresets.some((preset) => preset.days === days)) return { days, date: "" };
  return { days: "date", date: dayOf(new Date(now.getTime() + days * day)) };
}

/** A moment's day in the viewer's zone, as a date control wants it. */
export function dayOf(moment: Date): string {
  const two = (part: number) => String(part).padStart(2, "0");
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}
