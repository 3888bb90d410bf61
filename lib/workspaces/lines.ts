import { Refusal } from "../errors";

/** Does work on a header, and says the line in its refusal. `lines` has one for each place, such as `parameters.0.type`;
 * a place that is not in the file has the line of what contains it. */
export function withLines<T>(header: unknown, lines: Record<string, number>, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Refusal) || error.field === undefined) throw error;
    const line = lineOf(error.field, header, lines);
    throw new Refusal(error.code, error.message, { field: error.field, extra: { line } });
  }
}

function lineOf(field: string, header: unknown, lines: Record<string, number>): number {
  const path = field.split(".");
  const [list, name] = path;
  if (list === "parameters" && name !== undefined && !/^\d+$/.test(name)) path[1] = String(indexOf(name, header));
  for (; path.length > 0; path.pop()) {
    const place = path.join(".");
    if (Object.hasOwn(lines, place)) return lines[place] ?? 1;
  }
  return 1;
}

/** Of two parameters with one name, the second is the one that is refused. */
function indexOf(name: string, header: unknown): number {
  const { parameters } = header as { parameters: { name: string }[] };
  return parameters.findLastIndex((parameter) => parameter.name === name);
}
