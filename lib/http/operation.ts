import type { z } from "zod";
import type { GeneralPermission } from "../permissions/catalog";
import type { Dialect } from "./dialect";

/** How the body of a request is read and passed to the handler. */
export type BodyKind = "json" | "form" | "text" | "bytes";

/** One answer of an operation: the schema of its JSON, or a media type with a description. */
export type Answer = z.ZodType | { description: string; schema?: z.ZodType; contentType?: string };

/**
 * The definition of a REST operation: what the door checks and what the API document says. All of it is public.
 */
export interface Operation {
  /** A short imperative: "Create a token". */
  summary: string;
  /** Sentences for the API document, without Markdown. */
  description?: string;
  /** The group in the API document; by default the first path segment. */
  tags?: readonly string[];
  /** Parts of the path. An invalid one is answered 404, like one that does not exist. */
  params?: z.ZodObject;
  /** Query parameters. Repeated ones are refused; the dialect decides about unknown ones. */
  query?: z.ZodObject;
  /** Request headers that the operation reads, in lower case: `{ "idempotency-key": … }`. */
  headers?: z.ZodObject;
  /** The dialect decides about unknown fields at the top level; nested objects refuse them with `z.strictObject`. */
  body?: z.ZodType;
  /** A JSON body may be missing, which stands for `{}`, and the handler gets any other body as a ForeignBody. */
  anyBody?: boolean;
  /** A valid body, as an example for the API page. */
  example?: unknown;
  /** By default `json`. `text` and `bytes` need no schema. */
  bodyKind?: BodyKind;
  /** The values of a form may have any bytes, because they are only compared and never stored. */
  anyBytes?: boolean;
  /** In bytes; by default 1 MB. */
  bodyLimit?: number;
  /** Accepted media types of a `text` or `bytes` body; by default any text, or any type. */
  contentTypes?: readonly string[];
  /** The general permission that the actor needs. Commands check permissions on items. */
  permission?: GeneralPermission;
  /** Also allowed before a user with a one-time password has chosen a password. */
  withOneTimePassword?: true;
  /** Needs no credential and reads none. */
  open?: boolean;
  /** Accepts an API token as the secret of an OAuth client: by Basic, or as `client_secret` in the form. */
  clientSecret?: boolean;
  /** Accepts a token in the URL, as `?token=` or `?fmetoken=`, if it has `inUrl`. */
  allowUrlToken?: boolean;
  /** How refusals are written and whether unknown fields are refused; by default that of `/api/v1`. */
  dialect?: Dialect;
  /** By status. The API document adds the refusals. */
  answers: Readonly<Record<number, Answer>>;
}

export const megabyte = 1_000_000;

/** Query parameters that may carry a token. */
export const urlTokenNames: readonly string[] = ["token", "fmetoken"];
