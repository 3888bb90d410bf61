import { cache } from "react";
import { getApp } from "@/lib/apps/queries";
import type { Actor } from "@/lib/permissions/actor";
import { orNotFound } from "../or-not-found";

/** An app that the actor may manage, read once per request; otherwise the not-found page. */
export const readApp = cache((who: Actor, slug: string) => orNotFound(() => getApp(who, slug)));
