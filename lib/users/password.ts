import { randomBytes, randomInt } from "node:crypto";
import { hash, type Options, verify } from "@node-rs/argon2";
import { days, later } from "../clock";
import { invalid } from "../errors";
import { createWaitingLine } from "../waiting-line";
import { isGuessable } from "./guessable";

export const passwordLengthMin = 15;
export const passwordLengthMax = 128;

/** argon2id is the library's default algorithm; cost as in OWASP's Password Storage Cheat Sheet. */
const cost: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** One hash at a time: each takes a core for itself, and verification must not wait for a flood of sign-ins. */
const hashQueue = createWaitingLine(1, 256);

/**
 * Refuses a new password that is too short, too long or easily guessed. No rules of composition (NIST SP 800-63B).
 *
 * @param names words that its owner's password must be more than: user name, full name.
 * @param field what the caller calls it.
 * @throws Refusal `invalid` on that field.
 */
export function demandGoodPassword(password: string, names: readonly string[], field = "password"): void {
  const normal = normalize(password);
  const length = [...normal].length;
  if (length < passwordLengthMin || length > passwordLengthMax) {
    throw invalid(field, `Use ${passwordLengthMin} to ${passwordLengthMax} characters; a few unrelated words do well.`);
  }
  if (isGuessable(normal, names)) {
    throw invalid(field, "This password is among the first that anyone would try; use a few unrelated words instead.");
  }
}

/** The password as the database keeps it: argon2id in PHC form. Takes some 12 ms of a core. */
export function hashPassword(password: string): Promise<string> {
  return hashQueue(() => hash(normalize(password), cost));
}

/**
 * Does the password fit the hash? Without a hash (nobody of that name, or an account without a password) it takes just
 * as long and answers no.
 */
export async function passwordMatches(passwordHash: string | null, password: string): Promise<boolean> {
  const otherwise = await decoyHashOnce();
  const fits = await hashQueue(() => verify(passwordHash ?? otherwise, normalize(password)));
  return fits && passwordHash !== null;
}

/** A password that a person types once: 5 groups of 5 characters that are not mistaken for each other, about 123 bits. */
export function makeOneTimePassword(): string {
  const alphabet = "abcdefghjkmnpqrstuvwxyz23456789";
  const group = () => Array.from({ length: 5 }, () => alphabet[randomInt(alphabet.length)]).join("");
  return Array.from({ length: 5 }, group).join("-");
}

const oneTimePasswordDays = 7;

/** What was handed over and forgotten must not open the account for ever. */
export const oneTimePasswordEnds = (madeAt: Date): Date => later(madeAt, days(oneTimePasswordDays));

/** RFC 8265 section 4.2 (OpaqueString): canonical composition, and any space is the space. Keyboards differ in both. */
const normalize = (password: string) => password.replace(/\p{Zs}/gu, " ").normalize("NFC");

let decoyHash: Promise<string> | undefined;

/** A hash that no password fits, of the same cost. */
function decoyHashOnce(): Promise<string> {
  decoyHash ??= hash(randomBytes(32), cost);
  return decoyHash;
}
