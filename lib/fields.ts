import { z } from "zod";

// Fields that the schemas of several nouns share.

const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}/\\]/u;
/** Tabs and line breaks are text; other control characters and halves of surrogate pairs are not. */
const notText = /[^\P{Cc}\t\n\r]|\p{Cs}/u;

/** A name that prints, 1 to 100 characters (design 3.1.8). Normalised first, so that what looks the same is the same. */
export const printableName = (noun: string) =>
  z
    .string()
    .max(1000, "Use at most 100 characters.")
    .transform((name) => name.normalize("NFC").trim())
    .refine((name) => name !== "", `Give the ${noun} a name.`)
    .refine((name) => [...name].length <= 100, "Use at most 100 characters.")
    .refine((name) => !unprintable.test(name), "Leave out slashes, backslashes and characters that do not print.");

export const description = z
  .string()
  .max(500, "Use at most 500 characters.")
  .refine((text) => !notText.test(text), "Leave out control characters.");

/** `?q=` of a list. */
export const searchText = z
  .string()
  .trim()
  .max(100)
  .refine((text) => !notText.test(text), "Leave out control characters.");

/** A moment with its offset (RFC 3339). That it lies ahead, and how far at most, is for the commands to say. */
export const isoDateTime = z.iso
  .datetime({ offset: true, error: "Write a time like 2030-01-31T09:30:00Z." })
  .transform((text) => new Date(text));
