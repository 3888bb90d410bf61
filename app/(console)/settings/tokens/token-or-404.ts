import { notFound } from "next/navigation";
import { Refusal } from "@/lib/errors";
import type { Actor } from "@/lib/permissions/actor";
import { getToken } from "@/lib/tokens/queries";
import type { TokenView } from "@/lib/tokens/schema";

/** One of the actor's own tokens; the not-found page for another's, an unknown and a malformed id alike. */
export async function tokenOr404(who: Actor, id: string): Promise<TokenView> {
  try {
    return await getToken(who, id);
  } catch (error) {
    if (error instanceof Refusal && error.code === "not-found") notFound();
    throw error;
  }
}
