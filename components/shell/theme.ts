export const themes = ["light", "dark", "system"] as const;

export type Theme = (typeof themes)[number];

/** Holds the reader's choice. Not a secret, and read by the server so that the first paint is already right. */
export const themeCookie = "tessera-theme";

/** The choice in a cookie's value; whatever is not one of ours follows the system. */
export function themeFrom(value: string | undefined): Theme {
  return themes.find((theme) => theme === value) ?? "system";
}
