import type { z } from "zod";
import { createApp } from "@/lib/apps/commands";
import { type AppView, newApp } from "@/lib/apps/schema";
import type { Actor } from "@/lib/permissions/actor";

let made = 0;

/** An app of somebody's on Ada's workspace Rivers/gauge-levels, unless told. */
export async function makeApp(
  who: Actor,
  settings: Partial<z.input<typeof newApp>> = {},
): Promise<{ app: AppView; value: string }> {
  const { app, value } = await createApp(who, appInput(settings));
  return { app, value: value?.reveal() ?? "" };
}

/** What {@link makeApp} asks for. */
export function appInput(settings: Partial<z.input<typeof newApp>> = {}): z.output<typeof newApp> {
  const number = ++made;
  const usual = { name: `app ${number}`, slug: `app-${number}`, repository: "Rivers", workspace: "gauge-levels" };
  return newApp.parse({ ...usual, ...settings });
}
