import { forwardedNames } from "./authorize-rules";

/** Headers of which a request has one. Node keeps the first, or joins them, where a proxy in front may have read the last. */
export const singleHeaders: readonly string[] = ["host", "authorization", "content-type", ...forwardedNames];

export const routerStateHeader = "next-router-state-tree";

/** A proxy has forwarded a request that has one of these. */
export const forwardingHeaders: readonly string[] = [
  "x-forwarded-for",
  "x-forwarded-proto",
  "x-forwarded-host",
  "forwarded",
  "x-real-ip",
];

export interface HeaderSurvey {
  /** One of the single headers is there twice. */
  isRepeated: boolean;
  hasRouterState: boolean;
  isForwarded: boolean;
  /** A proxy asks about a request that it holds. */
  namesRequest: boolean;
}

const bits = new Map(
  [...singleHeaders, routerStateHeader, ...forwardingHeaders].map((name, index) => [name, 1 << index]),
);
const bitsOf = (names: readonly string[]) => names.reduce((sum, name) => sum | (bits.get(name) ?? 0), 0);
const singleBits = bitsOf(singleHeaders);
const routerStateBits = bitsOf([routerStateHeader]);
const forwardingBits = bitsOf(forwardingHeaders);
const requestBits = bitsOf(forwardedNames);

/** Most names have another length, and need not be converted to lower case. */
const lengths = new Set([...bits.keys()].map(({ length }) => length));

/** Looks once at the headers of a request. `rawHeaders` are names and values in turn, as Node received them. */
export function surveyHeaders(rawHeaders: readonly string[]): HeaderSurvey {
  let seen = 0;
  let isRepeated = false;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? "";
    if (!lengths.has(name.length)) continue;
    const bit = bits.get(name.toLowerCase()) ?? 0;
    if ((seen & bit & singleBits) !== 0) isRepeated = true;
    seen |= bit;
  }
  return {
    isRepeated,
    hasRouterState: (seen & routerStateBits) !== 0,
    isForwarded: (seen & forwardingBits) !== 0,
    namesRequest: (seen & requestBits) !== 0,
  };
}
