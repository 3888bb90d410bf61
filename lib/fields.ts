import { z } from "zod";
import { isStorable } from "./text";

/** It allows tabs and line breaks, but no other control characters. */
const isPlainText = (text: string) => isStorable(text) && !/[^\P{Cc}\t\n\r]/u.test(text);

const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}/\\]/u;

/** It has 1 to 100 characters and is normalised, so that names that look the same are the same (design 3.1.8). */
export const printableName = (noun: string) =>
  z
    .string()
    .max(1000, "Use at most 100 characters.")
    .transform((name) => name.normalize("NFC").trim())
    .refine((name) => name !== "", `Enter a name for the ${noun}.`)
    .refine((name) => [...name].length <= 100, "Use at most 100 characters.")
    .refine((name) => !unprintable.test(name), "Remove slashes, backslashes and unprintable characters.");

export const description = z
  .string()
  .max(500, "Use at most 500 characters.")
  .refine(isPlainText, "Remove control characters.");

export const searchText = z.string().trim().max(100).refine(isPlainText, "Remove control characters.");

/** A time with its offset (RFC 3339). The commands check whether it lies in the allowed range. */
export const isoDateTime = z.iso
  .datetime({ offset: true, error: "Use a time like 2030-01-31T09:30:00Z." })
  .transform((text) => new Date(text));
