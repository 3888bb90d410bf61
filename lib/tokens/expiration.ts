import { later } from "../clock";

/** When a token expires, as a request says it: at a time, or a length after the request. */
interface RequestedExpiration {
  expiresAt?: Date;
  expiresInSeconds?: number;
}

/** The input with its expiration as a time: a length counts from `now`, the server's time of the request. */
export function withExpirationTime<Input extends RequestedExpiration>(
  { expiresInSeconds, ...input }: Input,
  now: Date,
): Omit<Input, "expiresInSeconds"> {
  return expiresInSeconds === undefined ? input : { ...input, expiresAt: later(now, expiresInSeconds * 1000) };
}
