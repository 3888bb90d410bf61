import type { z } from "zod";
import { createApp } from "@/lib/apps/commands";
import { type AppView, newApp } from "@/lib/apps/schema";
import type { Actor } from "@/lib/permissions/actor";

let appCount = 0;

/** Creates an app, by default on Ada's workspace Rivers/gauge-levels. */
export async function makeApp(
  who: Actor,
  settings: Partial<z.input<typeof newApp>> = {},
): Promise<{ app: AppView; value: string }> {
  const { app, value } = await createApp(who, appInput(settings));
  return { app, value: value?.reveal() ?? "" };
}

/** The input from which {@link makeApp} creates the app. */
export function appInput(settings: Partial<z.input<typeof newApp>> = {}): z.output<typeof newApp> {
  const number = ++appCount;
  const defaults = { name: `app ${number}`, slug: `app-${number}`, repository: "Rivers", workspace: "gauge-levels" };
  return newApp.parse({ ...defaults, ...settings });
}
