import { Refusal } from "../errors";
import type { Actor } from "../permissions/actor";

/** An account is a person's: they see and change it signed in; no token does it for them. @throws Refusal `forbidden`. */
export function demandPerson(who: Actor): void {
  if (who.token.kind === "session") return;
  throw new Refusal("forbidden", "Only somebody who is signed in sees and changes their account; a token does not.");
}
