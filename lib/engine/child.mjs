// This process runs one query: it gets its order from the parent, answers once and exits, also when the parent exits.
import { writeFileSync } from "node:fs";
import { setPriority } from "node:os";
import { join } from "node:path";
import { openConfined } from "./confine.mjs";
import { withStoredFileNames } from "./file-names.mjs";
import { writeResult } from "./formats.mjs";
import { parseHeader } from "./header.mjs";
import { condense } from "./reasons.mjs";
import { refusalOf } from "./refusal.mjs";
import { parseSelect } from "./statement.mjs";
import { convertTextFile, unreadableFiles } from "./text-files.mjs";

const ownMemoryMb = 256;

// A service manager may signal all processes of the server at once. The server ends this one when its job is over.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});
// process.exit() would wait for the query.
process.once("disconnect", () => process.kill(process.pid, "SIGKILL"));
process.once("message", handleOrder);

async function handleOrder(order) {
  if (order.task === "run") lowerPriority();
  if (order.account) changeAccount(order.account);
  guardMemory(order.memoryMb);
  try {
    const header = order.task === "check" ? parseHeader(order.header, order.headerLine) : null;
    const connection = await openConfined(order);
    if (order.task === "check") return answer({ header, query: await checkQuery(connection, order) });
    const query = withStoredFileNames(order);
    const { sql } = await parseSelect(connection, query.sql);
    log("Started.");
    const started = performance.now();
    const { rows, bytes, note } = await writeConverting(connection, query, sql);
    log(
      `Wrote ${rows} ${rows === 1 ? "row" : "rows"}, ${bytes} bytes, in ${Math.round(performance.now() - started)} ms.`,
    );
    if (note) log(note);
    answer({ rows, bytes });
  } catch (error) {
    const { code, message } = refusalOf(error, order.folder);
    answer({ refused: { code, message } });
  }
}

/** The header is judged first, so a refused query is part of the answer. */
async function checkQuery(connection, { sql, folder }) {
  try {
    const { parameters } = await parseSelect(connection, sql);
    return { parameters };
  } catch (error) {
    return { refused: refusalOf(error, folder).message };
  }
}

/** Files are converted only after an error, since most are in UTF-8. An error can make the connection unusable. */
async function writeConverting(connection, order, sql) {
  const converted = new Set();
  for (let current = connection; ; current = await openConfined(order)) {
    try {
      return await writeResult(current, order, sql);
    } catch (error) {
      current.closeSync();
      const names = await unreadableFiles(condense(String(error?.message)), order.folder);
      const found = await convertFiles(
        order,
        names.filter((name) => !converted.has(name)),
      );
      if (found.length === 0) throw error;
      for (const name of found) converted.add(name);
    }
  }
}

async function convertFiles({ folder, result }, names) {
  const converted = [];
  for (const name of names) {
    const found = await convertTextFile(join(folder, name), name, `${result}.converted`);
    if (found === null) continue;
    log(`${name} was read as ${found}.`);
    converted.push(name);
  }
  return converted;
}

/** Lets the job rather than the server wait or be killed when the machine runs short of processor time or memory. */
function lowerPriority() {
  setPriority(5);
  if (process.platform === "linux") writeFileSync("/proc/self/oom_score_adj", "1000");
}

/** Everything is imported by now: the account need not be able to read the program's files. */
function changeAccount({ uid, gid }) {
  process.setgroups([]);
  process.setgid(gid);
  process.setuid(uid);
}

/** DuckDB's own limit leaves some memory out. Queries run on other threads, so this timer fires during them. */
function guardMemory(memoryMb) {
  const rssBytesMax = (memoryMb + ownMemoryMb) * 1_048_576;
  setInterval(() => {
    if (process.memoryUsage.rss() > rssBytesMax) {
      answer({ refused: { code: "memory", message: "The query needs more memory." } });
    }
  }, 10).unref();
}

const log = (text) => process.send({ log: text });

function answer(message) {
  process.send(message, () => process.exit(0));
}
