import type { z } from "zod";
import type { GeneralPermission } from "../permissions/catalog";
import type { Dialect } from "./dialect";

export type BodyKind = "json" | "form" | "text" | "bytes" | "stream";

export type Answer = z.ZodType | { description: string; schema?: z.ZodType; contentType?: string };

/** What the door checks and what the API document says, which adds the refusals. All of it is public. */
export interface Operation {
  summary: string;
  description?: string;
  tags?: readonly string[];
  params?: z.ZodObject;
  /** Repeated parameters are refused; the dialect decides about unknown ones. */
  query?: z.ZodObject;
  headers?: z.ZodObject;
  /** The dialect decides about unknown fields at the top level; nested objects refuse them with `z.strictObject`. */
  body?: z.ZodType;
  /** A JSON body may be missing, which stands for `{}`, and the handler gets any other body as a ForeignBody. */
  anyBody?: boolean;
  example?: unknown;
  /** By default `json`. The others but `form` need no schema. The handler reads a `stream` itself. */
  bodyKind?: BodyKind;
  /** The values of a form may have any bytes, because they are only compared and never stored. */
  anyBytes?: boolean;
  /** In bytes; by default 1 MB. A function reads it from the settings. */
  bodyLimit?: number | (() => number);
  contentTypes?: readonly string[];
  /** Commands check permissions on items. */
  permission?: GeneralPermission;
  /** Also allowed before a user with a one-time password has chosen a password. */
  withOneTimePassword?: true;
  /** Paths that only end something, so that a page at another host name of the same site may request them by cookie. */
  endsOnly?: (path: string) => boolean;
  /** Needs no credential and reads none. */
  open?: boolean;
  /** Accepts an API token as the secret of an OAuth client: by Basic, or as `client_secret` in the form. */
  clientSecret?: boolean;
  /** Accepts a token in the URL, as `?token=` or `?fmetoken=`, if it has `inUrl`. */
  allowUrlToken?: boolean;
  dialect?: Dialect;
  answers: Readonly<Record<number, Answer>>;
}

export const megabyte = 1_000_000;

export const urlTokenNames: readonly string[] = ["token", "fmetoken"];
