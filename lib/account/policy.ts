import { Refusal } from "../errors";
import type { Actor } from "../permissions/actor";

/** People see and change their account only in a session. @throws Refusal `forbidden` for an API token. */
export function demandPerson(who: Actor): void {
  if (who.token.kind === "session") return;
  throw new Refusal("forbidden", "Only somebody who is signed in sees and changes their account; a token does not.");
}
