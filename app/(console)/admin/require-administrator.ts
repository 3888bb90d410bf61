import { notFound } from "next/navigation";
import { requireActor } from "@/lib/auth/current-actor";
import type { Actor } from "@/lib/permissions/actor";
import { may } from "@/lib/permissions/effective";

/** Who looks at this page of administration; for everybody else there is nothing here. */
export async function requireAdministrator(): Promise<Actor> {
  const who = await requireActor();
  return may(who, "users:manage") ? who : notFound();
}
