import type { Actor } from "../permissions/actor";
import { mayManageTokens } from "./policy";
import { listTokens } from "./queries";

const nameLengthMax = 100;
const listedMax = 100;

/** Suggests a name for a copy of the actor's token or app: "NAME copy", then "NAME copy 2". Names are unique among the
 * actor's API tokens, and an app's token has its name. The suggestion is not reserved. */
export async function suggestCopyName(who: Actor, name: string): Promise<string> {
  const stem = name.replace(/ copy(?: \d+)?$/, "");
  const filter = { kind: "api" as const, q: `${stem} copy`.slice(0, nameLengthMax), sort: "name" as const };
  const { items } = mayManageTokens(who) ? await listTokens(who, { ...filter, limit: listedMax }) : { items: [] };
  return firstFree(stem, new Set(items.map((token) => token.name)));
}

/** The first of "STEM copy", "STEM copy 2" and so on that is not taken, with the stem cut where the name would be too long. */
export function firstFree(stem: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const end = number === 1 ? " copy" : ` copy ${number}`;
    const name =
      [...stem]
        .slice(0, nameLengthMax - end.length)
        .join("")
        .trimEnd() + end;
    if (!taken.has(name)) return name;
  }
}
