import { adviceStart, condense, followableReason } from "./reasons.mjs";

const messageLengthMax = 2_000;

/** Why a query has no result. The message may be shown to the user who ran it. */
export class EngineRefusal extends Error {
  /** @param {"header" | "sql" | "memory" | "output" | "format"} code @param {string} message
   * @param {number} [line] of the workspace file, from 1 */
  constructor(code, message, line) {
    super(message.slice(0, messageLengthMax));
    this.code = code;
    this.line = line;
  }
}

/** Without paths or an excerpt of the query, which may be secret. @param {unknown} error @param {string} folder */
export function refusalOf(error, folder) {
  if (error instanceof EngineRefusal) return error;
  const text = condense(String(error instanceof Error ? error.message : error));
  if (text.startsWith("Out of Memory Error")) return new EngineRefusal("memory", "The query needs more memory.");
  const [, line] = /^LINE (\d+):/m.exec(text) ?? [];
  const sentence = (followableReason(text) ?? text.split(/\n[ \t]*\n|\nLINE \d+:/)[0].split(adviceStart)[0])
    .replaceAll(folder, "")
    .replace(/\s*\n\s*/g, " ")
    .trim();
  return new EngineRefusal("sql", line ? `${sentence} (line ${line})` : sentence, line && Number(line));
}
