import { cache } from "react";
import type { Actor } from "@/lib/permissions/actor";
import { getToken } from "@/lib/tokens/queries";
import { orNotFound } from "../../or-not-found";

/** One of the actor's tokens, read once per request; otherwise the not-found page. */
export const readToken = cache((who: Actor, id: string) => orNotFound(() => getToken(who, id)));
