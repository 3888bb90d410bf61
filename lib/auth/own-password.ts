import { changePassword } from "../account/commands";
import { disconnectIdentity } from "../account/identity";
import type { ChangedPassword, DisconnectedIdentity, Disconnection, NewOwnPassword } from "../account/schema";
import { invalid, Refusal } from "../errors";
import type { Actor } from "../permissions/actor";
import { checkPassword } from "./sign-in";

/** Refuses what {@link confirmPassword} and {@link changePassword} refuse. */
export const changeOwnPassword = (who: Actor, input: NewOwnPassword): Promise<ChangedPassword> =>
  changePassword(who, input, (password) => confirmPassword(who, password, "currentPassword"));

/** Refuses what {@link confirmPassword} and {@link disconnectIdentity} refuse. */
export const disconnectOwnIdentity = (who: Actor, input: Disconnection): Promise<DisconnectedIdentity> =>
  disconnectIdentity(who, input, (password) => confirmPassword(who, password, "currentPassword"));

/** A wrong password counts as a failed sign-in, so that an open browser is no easier place to guess it. Refuses `invalid`
 * on `field`, `too-many` with `Retry-After`. */
export async function confirmPassword(who: Actor, password: string, field: string): Promise<void> {
  try {
    await checkPassword({ username: who.userName, password }, who, who);
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== "unauthenticated") throw error;
    throw invalid(field, "The current password is incorrect.");
  }
}
