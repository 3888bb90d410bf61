import { cache } from "react";
import type { Actor } from "@/lib/permissions/actor";
import { getToken } from "@/lib/tokens/queries";
import { orNotFound } from "../../or-not-found";

/** Reads one of the actor's tokens once per request. Without such a token it shows the not-found page. */
export const readToken = cache((who: Actor, id: string) => orNotFound(() => getToken(who, id)));
