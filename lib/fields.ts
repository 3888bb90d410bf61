import { z } from "zod";
import { directionControlsSentence, hasDirectionControls, hasInvisible, isStorable, normalizeText } from "./text";

const isPlainText = (text: string) => isStorable(text) && !/[^\P{Cc}\t\n\r]/u.test(text);

/** It has 1 to 100 characters and is normalised, so that names that look the same are the same (design 3.1.8). */
export const printableName = (noun: string) =>
  lineOfText(`Enter a name for the ${noun}.`).refine(
    (name) => !/[/\\]/.test(name) && !hasInvisible(name),
    "Remove slashes, backslashes and unprintable characters.",
  );

export const personName = lineOfText("Enter a name.").refine(
  (name) => !hasInvisible(name),
  "Remove unprintable characters.",
);

function lineOfText(emptySentence: string) {
  return z
    .string()
    .max(1000, "Use at most 100 characters.")
    .transform((text) => normalizeText(text).trim())
    .refine((text) => text !== "", emptySentence)
    .refine((text) => [...text].length <= 100, "Use at most 100 characters.")
    .refine((text) => !hasDirectionControls(text), directionControlsSentence);
}

/** A name that is only looked up: its limits are wider than those of stored names. */
export const lookedUpName = z.string().max(1000).overwrite(normalizeText);

export const description = z
  .string()
  .overwrite((text) => text.normalize())
  .max(500, "Use at most 500 characters.")
  .refine(isPlainText, "Remove control characters.");

export const searchText = z
  .string()
  .overwrite((text) => normalizeText(text).trim())
  .max(100)
  .refine(isPlainText, "Remove control characters.");

/** A time with its offset (RFC 3339), in the years that PostgreSQL and RFC 3339 can write, 1 to 9999 in UTC. The commands
 * check whether it lies in the allowed range. */
export const isoDateTime = z.iso
  .datetime({ offset: true, error: "Use a time like 2030-01-31T09:30:00Z." })
  .transform((text) => new Date(text))
  .refine((time) => /^(?!0000)\d{4}-/.test(time.toISOString()), "Use a year from 1 to 9999.");

const secondsMax = 100 * 366 * 86_400;

/** The fields of an expiration: `isOneExpiration` checks that a request has not both. */
export const expiresInSeconds = z
  .int()
  .min(1)
  .max(secondsMax)
  .describe("Instead of `expiresAt`: how long after this request, by the server's clock. 604800 is 7 days.");

interface Expirations {
  expiresAt?: unknown;
  expiresInSeconds?: unknown;
}

export const isOneExpiration = ({ expiresAt, expiresInSeconds }: Expirations): boolean =>
  expiresAt === undefined || expiresInSeconds === undefined;
export const hasExpiration = ({ expiresAt, expiresInSeconds }: Expirations): boolean =>
  (expiresAt ?? expiresInSeconds) !== undefined;
export const twoExpirations = {
  path: ["expiresInSeconds"],
  error: "Set either `expiresAt` or `expiresInSeconds`.",
};
