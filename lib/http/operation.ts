import type { z } from "zod";
import type { GeneralPermission } from "../permissions/catalog";
import type { Dialect } from "./dialect";

/** What the body of a request is read as, and handed to the handler as. */
export type BodyKind = "json" | "form" | "text" | "bytes";

/** One answer of an operation: the shape of its JSON, or a medium in words. */
export type Answer = z.ZodType | { description: string; schema?: z.ZodType; contentType?: string };

/**
 * What a REST operation is: all that the door checks and the API document says. Everything in it is public.
 */
export interface Operation {
  /** A short imperative: "Create a token". */
  summary: string;
  /** Markdown-free sentences for the API document. */
  description?: string;
  /** The group in the API document; the first path segment when left out. */
  tags?: readonly string[];
  /** Parts of the path. One that does not fit is answered 404, like one that does not exist. */
  params?: z.ZodObject;
  /** Query parameters. Repeated ones are refused, and unknown ones as the dialect says. */
  query?: z.ZodObject;
  /** Request headers that mean something here, in lower case: `{ "idempotency-key": … }`. Others are ignored. */
  headers?: z.ZodObject;
  /** Unknown fields are refused at the top level, unless the dialect ignores them; nested objects say so themselves with `z.strictObject`. */
  body?: z.ZodType;
  /** A body as somebody would send it, for the API page: what the schema accepts. */
  example?: unknown;
  /** `json` unless told. `text` and `bytes` need no schema. */
  bodyKind?: BodyKind;
  /** Bytes; 1 MB unless told. */
  bodyLimit?: number;
  /** Media types that a `text` or `bytes` body may have; any text, any type unless told. */
  contentTypes?: readonly string[];
  /** What the actor must hold before anything else is looked at. Items are for the command to ask about. */
  permission?: GeneralPermission;
  /** Also for a session that began with a one-time password, before its owner has chosen one of their own. */
  withOneTimePassword?: true;
  /** Nobody in particular may ask: no credential is looked at. */
  open?: boolean;
  /** The token may come in the URL, as `?token=` or `?fmetoken=`, if it was made for that. */
  allowUrlToken?: boolean;
  /** How refusals are written and whether unknown fields are refused; that of `/api/v1` when left out. */
  dialect?: Dialect;
  /** By status. Refusals are added to the API document by themselves. */
  answers: Readonly<Record<number, Answer>>;
}

export const megabyte = 1_000_000;

/** Names under which a token may be in a URL. */
export const urlTokenNames: readonly string[] = ["token", "fmetoken"];
