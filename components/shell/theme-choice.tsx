"use client";

import { useEffect, useState } from "react";
import { Icon } from "@/components/ui/icon";
import * as shapes from "@/components/ui/icon-shapes";
import { type Theme, themeCookie, themeFrom, themes } from "./theme";

const options = {
  light: { name: "Light", icon: <Icon of={shapes.sun} /> },
  dark: { name: "Dark", icon: <Icon of={shapes.moon} /> },
  system: { name: "System", icon: <Icon of={shapes.monitor} /> },
};

/** Chooses the theme. The choice applies at once, and a cookie keeps it for a year. */
export function ThemeChoice() {
  const [theme, setTheme] = useState<Theme | null>(null);

  useEffect(() => setTheme(themeFrom(document.documentElement.dataset.theme)), []);

  function choose(next: Theme) {
    setTheme(next);
    document.documentElement.dataset.theme = next;
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox before 140 and on plain http
    document.cookie = `${themeCookie}=${next}; path=/; max-age=31536000; samesite=lax`;
  }

  return (
    <fieldset className="px-3 pt-2 pb-3">
      <legend className="contents text-sm text-muted">Theme</legend>
      <div className="mt-1 grid grid-cols-3 gap-1">
        {themes.map((each) => (
          <label
            key={each}
            className="flex h-8 items-center justify-center gap-1.5 rounded border border-transparent text-sm text-muted has-checked:border-line has-checked:bg-sunken has-checked:font-medium has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:outline-clay [&_svg]:size-4"
          >
            <input
              type="radio"
              name="theme"
              value={each}
              checked={theme === each}
              onChange={() => choose(each)}
              className="sr-only"
            />
            {options[each].icon}
            {options[each].name}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
