/** The ids of the rows that are chosen, and the row that was changed last, from which Shift takes a range. */
export interface Selection {
  chosen: ReadonlySet<string>;
  anchor: string | null;
}

export const nothingSelected: Selection = { chosen: new Set(), anchor: null };

/**
 * The selection after a row was put in or taken out; with `isRange` all rows from the anchor to it as well.
 *
 * @param ids of the rows as they stand on the page.
 */
export function withRow(
  { chosen, anchor }: Selection,
  ids: readonly string[],
  { id, isIn, isRange }: { id: string; isIn: boolean; isRange: boolean },
): Selection {
  const range = isRange && anchor !== null ? between(ids, anchor, id) : [];
  return { chosen: changed(chosen, range.length > 0 ? range : [id], isIn), anchor: id };
}

/** The selection after the whole page was put in or taken out. */
export function withPage({ chosen, anchor }: Selection, ids: readonly string[], isIn: boolean): Selection {
  return { chosen: changed(chosen, ids, isIn), anchor };
}

/** Both and what stands between them; nothing when one of them is no longer there. */
function between(ids: readonly string[], first: string, second: string): readonly string[] {
  const ends = [ids.indexOf(first), ids.indexOf(second)];
  return ends.includes(-1) ? [] : ids.slice(Math.min(...ends), Math.max(...ends) + 1);
}

function changed(chosen: ReadonlySet<string>, ids: readonly string[], isIn: boolean): ReadonlySet<string> {
  const next = new Set(chosen);
  for (const id of ids) {
    if (isIn) next.add(id);
    else next.delete(id);
  }
  return next;
}
