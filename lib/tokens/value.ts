import { hash, randomInt } from "node:crypto";
import { crc32 } from "node:zlib";
import { Secret } from "../secret";
import type { TokenKind } from "./schema";

const prefixes = { api: "tsa_", session: "tss_" } as const satisfies Record<TokenKind, string>;
const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const randomLength = 40;
const checksumLength = 6;
const valueLength = prefixes.api.length + randomLength + checksumLength;
const shape = new RegExp(`^ts[as]_[0-9A-Za-z]{${randomLength + checksumLength}}$`);

/** A new value has a prefix, 40 random base62 characters, and the CRC-32 of both in 6 characters (design 3.1.3). */
export function makeValue(kind: TokenKind): Secret {
  const random = Array.from({ length: randomLength }, () => alphabet[randomInt(alphabet.length)]).join("");
  const body = prefixes[kind] + random;
  return new Secret(body + checksumOf(body));
}

/** Null when the form or checksum is wrong, so that the database need not be queried. */
export function parseValue(presented: string): TokenKind | null {
  if (!shape.test(presented)) return null;
  const body = presented.slice(0, -checksumLength);
  if (checksumOf(body) !== presented.slice(-checksumLength)) return null;
  return presented.startsWith(prefixes.api) ? "api" : "session";
}

/** Whether a text is as long as a value: no other is hashed. */
export const hasValueLength = (presented: string): boolean => presented.length === valueLength;

/** Whether a value has the prefix of sessions, be it valid or not. */
export const isSessionValue = (presented: string): boolean => presented.startsWith(prefixes.session);

/** The database stores only this SHA-256 of a value, 32 bytes. */
export function digestOf(presented: string): Buffer<ArrayBuffer> {
  return Buffer.from(hash("sha256", presented, "buffer"));
}

/** The digest in base64, the key by which verification finds a token. */
export const digestTextOf = (presented: string): string => hash("sha256", presented, "base64");

export const lastFourOf = (value: Secret): string => value.reveal().slice(-4);

/** A value as lists show it: `tsa_…x7Qp`. */
export const hintOf = (kind: TokenKind, lastFour: string): string => `${prefixes[kind]}…${lastFour}`;

function checksumOf(body: string): string {
  let rest = crc32(body);
  let digits = "";
  for (let place = 0; place < checksumLength; place++) {
    digits = alphabet[rest % alphabet.length] + digits;
    rest = Math.floor(rest / alphabet.length);
  }
  return digits;
}
