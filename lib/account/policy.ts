import { Refusal } from "../errors";
import type { Actor } from "../permissions/actor";

/** People see and change their account only in a session. Refuses `forbidden` for an API token. */
export function demandPerson(who: Actor): void {
  if (who.token.kind === "session") return;
  throw new Refusal("forbidden", "Accounts can only be viewed and changed when signed in, not with an API token.");
}
