import { notFound } from "next/navigation";
import { cache } from "react";
import { getApp } from "@/lib/apps/queries";
import type { AppView } from "@/lib/apps/schema";
import { Refusal } from "@/lib/errors";
import type { Actor } from "@/lib/permissions/actor";

/** An app that the actor manages; the not-found page for another's and an unknown one alike. Read once per request. */
export async function appOr404(who: Actor, slug: string): Promise<AppView> {
  try {
    return await readOnce(who, slug);
  } catch (error) {
    if (error instanceof Refusal && error.code === "not-found") notFound();
    throw error;
  }
}

const readOnce = cache(getApp);
