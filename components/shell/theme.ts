export const themes = ["light", "dark", "system"] as const;

export type Theme = (typeof themes)[number];

/** The cookie with the user's choice. The server reads it, so that the first paint already has the right theme. */
export const themeCookie = "tessera-theme";

/** Reads the theme from a cookie's value. Any other value means `system`. */
export function themeFrom(value: string | undefined): Theme {
  return themes.find((theme) => theme === value) ?? "system";
}
