import { randomBytes, randomInt } from "node:crypto";
import { hash, type Options, verify } from "@node-rs/argon2";
import { days, later } from "../clock";
import { invalid } from "../errors";
import { createWaitingLine } from "../waiting-line";
import { isGuessable } from "./guessable";

export const passwordLengthMin = 15;
export const passwordLengthMax = 128;

/** The cost of OWASP's Password Storage Cheat Sheet for argon2id, the default algorithm of the library. */
const cost: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** One hash at a time, since each occupies a core and token verification must not wait for many sign-ins. */
const hashQueue = createWaitingLine(1, 256);

/** Refuses `invalid` on `field` for a password that is too short, too long or easily guessed, also from its owner's
 * `names`. There are no rules of composition (NIST SP 800-63B). */
export function demandGoodPassword(password: string, names: readonly string[], field = "password"): void {
  const normal = normalize(password);
  const length = [...normal].length;
  if (length < passwordLengthMin || length > passwordLengthMax) {
    throw invalid(
      field,
      `Use ${passwordLengthMin} to ${passwordLengthMax} characters. Several unrelated words work well.`,
    );
  }
  if (isGuessable(normal, names)) {
    throw invalid(field, "This password is too easy to guess. Use several unrelated words instead.");
  }
}

/** The hash that the database stores: argon2id in PHC format. It takes about 12 ms of a core. */
export function hashPassword(password: string): Promise<string> {
  return hashQueue(() => hash(normalize(password), cost));
}

/** Without a hash (no account, or one without a password) it answers no after the same time. */
export async function isCorrectPassword(passwordHash: string | null, password: string): Promise<boolean> {
  const decoy = await decoyHashOnce();
  const matches = await hashQueue(() => verify(passwordHash ?? decoy, normalize(password)));
  return matches && passwordHash !== null;
}

/** A random password that is easy to type: 5 groups of 5 unambiguous characters, about 123 bits. */
export function makeOneTimePassword(): string {
  const alphabet = "abcdefghjkmnpqrstuvwxyz23456789";
  const group = () => Array.from({ length: 5 }, () => alphabet[randomInt(alphabet.length)]).join("");
  return Array.from({ length: 5 }, group).join("-");
}

const oneTimePasswordDays = 7;

export const oneTimePasswordExpiry = (createdAt: Date): Date => later(createdAt, days(oneTimePasswordDays));

/** RFC 8265 section 4.2 (OpaqueString): keyboards differ in composition and in spaces. */
const normalize = (password: string) => password.replace(/\p{Zs}/gu, " ").normalize("NFC");

let decoyHash: Promise<string> | undefined;

function decoyHashOnce(): Promise<string> {
  decoyHash ??= hash(randomBytes(32), cost);
  return decoyHash;
}
