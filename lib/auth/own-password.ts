import { changePassword } from "../account/commands";
import type { ChangedPassword, NewOwnPassword } from "../account/schema";
import { invalid, Refusal } from "../errors";
import type { Actor } from "../permissions/actor";
import { checkPassword } from "./sign-in";

/** A wrong current password counts as a failed sign-in, so that an open browser is no easier place to guess it. Refuses
 * `invalid` on `currentPassword`, `too-many` with `Retry-After`, and what {@link changePassword} refuses. */
export function changeOwnPassword(who: Actor, input: NewOwnPassword): Promise<ChangedPassword> {
  return changePassword(who, input, async (password) => {
    try {
      await checkPassword({ username: who.userName, password }, who, who);
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== "unauthenticated") throw error;
      throw invalid("currentPassword", "The current password is incorrect.");
    }
  });
}
