import { z } from "zod";

// The router of Next.js 16.4 sends which parts of a page the browser has, in the header Next-Router-State-Tree. Next.js checks it
// against the same shape (next/dist/server/app-render/types.js).

const parameterKinds = [
  "c",
  "ci(..)(..)",
  "ci(.)",
  "ci(..)",
  "ci(...)",
  "oc",
  "d",
  "di(..)(..)",
  "di(.)",
  "di(..)",
  "di(...)",
] as const;
const segment = z.union([
  z.string(),
  z.tuple([z.string(), z.string(), z.enum(parameterKinds), z.array(z.string()).nullable()]),
]);
const markers = z.enum(["refetch", "inside-shared-layout", "metadata-only"]);

const routerState: z.ZodType = z.lazy(() =>
  z.tuple([
    segment,
    z.record(z.string(), routerState),
    z.tuple([z.string(), z.string()]).nullish(),
    markers.nullish(),
    z.number().nullish(),
    z.string().optional(),
  ]),
);

/** The limit of Next.js, in characters. */
const lengthMax = 40_000;
/** Deeper than any page of this server, and far from the depth at which the check would overflow the stack. */
const depthMax = 100;

export function isRouterState(header: string): boolean {
  if (header.length > lengthMax) return false;
  try {
    const text = decodeURIComponent(header);
    return !isDeep(text) && routerState.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}

/** Counts brackets, also those in texts. */
function isDeep(text: string): boolean {
  let depth = 0;
  for (const character of text) {
    if (character === "[" || character === "{") depth++;
    else if (character === "]" || character === "}") depth--;
    if (depth > depthMax) return true;
  }
  return false;
}
