import { cache } from "react";
import { getApp } from "@/lib/apps/queries";
import type { Actor } from "@/lib/permissions/actor";
import { orNotFound } from "../or-not-found";

/** Reads an app that the actor may manage, once per request. Without such an app it shows the not-found page. */
export const readApp = cache((who: Actor, slug: string) => orNotFound(() => getApp(who, slug)));
