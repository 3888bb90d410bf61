import { join } from "node:path";
import { openConfined, prepareInstance } from "./confine.mjs";
import { withStoredFileNames } from "./file-names.mjs";
import { writeResult } from "./formats.mjs";
import { parseHeader } from "./header.mjs";
import { condense } from "./reasons.mjs";
import { EngineRefusal, refusalOf } from "./refusal.mjs";
import { parameterLines, parseSelect } from "./statement.mjs";
import { convertTextFile, misreadFiles, unreadableFiles } from "./text-files.mjs";

const ownMemoryMb = 256;

/** Creates an instance for the next job, which has parsed already, since its first statement is slower. */
export async function prepare() {
  const connection = await prepareInstance();
  await parseSelect(connection, "SELECT 1");
  return connection;
}

/** Performs one order in the current folder, and closes what it opened unless `isFault`: then the process must end.
 * @param {object} order as `lib/engine/run.ts` sends it @param {ReturnType<typeof prepare>} prepared
 * @param {(text: string) => void} log @returns {Promise<{ answer: object, isFault: boolean }>} */
export async function perform(order, prepared, log) {
  const guard = guardMemory(order.memoryMb);
  const job = new Job(order, prepared, log);
  try {
    const answer = await Promise.race([order.task === "check" ? job.check() : job.run(), guard.exceeded]);
    job.close();
    return { answer, isFault: job.hadFault };
  } catch (error) {
    const { code, message, line } = refusalOf(error, order.folder);
    job.noteFault(error, code);
    if (!job.hadFault) job.close();
    return { answer: { refused: { code, message, line } }, isFault: job.hadFault };
  } finally {
    guard.stop();
  }
}

class Job {
  hadFault = false;
  #order;
  #prepared;
  #log;
  #connection = null;

  constructor(order, prepared, log) {
    this.#order = order;
    this.#prepared = prepared;
    this.#log = log;
  }

  async check() {
    const connection = await this.#open(this.#order);
    const { header, lines } = parseHeader(this.#order.header, this.#order.headerLine);
    return { header, lines, query: await this.#checkQuery(connection) };
  }

  async run() {
    const connection = await this.#open(this.#order);
    const order = withStoredFileNames(this.#order);
    const { sql } = await parseSelect(connection, order.sql);
    this.#log("Started.");
    const started = performance.now();
    const { rows, bytes, note } = await this.#writeConverting(order, sql);
    const elapsedMs = Math.round(performance.now() - started);
    this.#log(`Wrote ${rows} ${rows === 1 ? "row" : "rows"}, ${bytes} bytes, in ${elapsedMs} ms.`);
    if (note) this.#log(note);
    return { rows, bytes };
  }

  /** After such an error, a query may still run, hold memory, or have damaged it. */
  noteFault(error, code) {
    const isKnown = error instanceof EngineRefusal || (error?.constructor === Error && !error.code);
    if (!isKnown || code === "memory" || code === "output" || /^(?:INTERNAL|FATAL) Error/.test(error.message))
      this.hadFault = true;
  }

  close() {
    this.#connection?.closeSync();
    this.#connection = null;
  }

  /** The instance that was prepared is used once. */
  async #open(order) {
    this.close();
    const prepared = this.#prepared;
    this.#prepared = undefined;
    this.#connection = await openConfined(order, prepared);
    return this.#connection;
  }

  /** The header is judged first, so a refused query is part of the answer. */
  async #checkQuery(connection) {
    try {
      const { parameters } = await parseSelect(connection, this.#order.sql);
      const lines = parameterLines(this.#order.sql);
      return { parameters: parameters.map((name) => ({ name, line: lines.get(name.toUpperCase()) })) };
    } catch (error) {
      const { code, message, line } = refusalOf(error, this.#order.folder);
      this.noteFault(error, code);
      return { refused: message, line };
    }
  }

  /** Most files are converted only after an error, since most are in UTF-8. An error can make the connection unusable. */
  async #writeConverting(order, sql) {
    const converted = new Set(await this.#convertMisread(order));
    for (let connection = this.#connection; ; connection = await this.#open(order)) {
      try {
        return await writeResult(connection, order, sql);
      } catch (error) {
        this.close();
        const names = await unreadableFiles(condense(String(error?.message)), order.folder);
        const found = await this.#convertFiles(names.filter((name) => !converted.has(name)));
        if (found.length === 0) throw error;
        this.noteFault(error);
        for (const name of found) converted.add(name);
      }
    }
  }

  /** Only files that the query names must be text: a pattern may match others. */
  async #convertMisread(order) {
    const converted = [];
    for (const name of await misreadFiles(order)) {
      try {
        converted.push(...(await this.#convertFiles([name])));
      } catch (error) {
        if (!(error instanceof EngineRefusal) || order.sql.includes(name)) throw error;
      }
    }
    return converted;
  }

  async #convertFiles(names) {
    const { folder, result } = this.#order;
    const converted = [];
    for (const name of names) {
      const found = await convertTextFile(join(folder, name), name, `${result}.converted`);
      if (found === null) continue;
      this.#log(`${name} was read as ${found}.`);
      converted.push(name);
    }
    return converted;
  }
}

/** DuckDB's own limit leaves some memory out. Queries run on other threads, so this timer fires during them. */
function guardMemory(memoryMb) {
  const rssBytesMax = (memoryMb + ownMemoryMb) * 1_048_576;
  let timer;
  const exceeded = new Promise((_, reject) => {
    timer = setInterval(() => {
      if (process.memoryUsage.rss() > rssBytesMax) reject(new EngineRefusal("memory", "The query needs more memory."));
    }, 10);
  });
  return { exceeded, stop: () => clearInterval(timer) };
}
