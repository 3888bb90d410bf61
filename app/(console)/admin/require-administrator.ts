import { notFound } from "next/navigation";
import { requireActor } from "@/lib/auth/current-actor";
import type { Actor } from "@/lib/permissions/actor";
import { may } from "@/lib/permissions/effective";

/** Returns the actor who views this administration page. Anybody who may not manage users gets the not-found page. */
export async function requireAdministrator(): Promise<Actor> {
  const who = await requireActor();
  return may(who, "users:manage") ? who : notFound();
}
