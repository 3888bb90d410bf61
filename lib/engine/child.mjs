// This process runs one query: it gets its order from the parent, answers once and exits, also when the parent exits.
import { writeFileSync } from "node:fs";
import { setPriority } from "node:os";
import { openConfined } from "./confine.mjs";
import { withStoredFileNames } from "./file-names.mjs";
import { writeResult } from "./formats.mjs";
import { refusalOf } from "./refusal.mjs";
import { parseSelect } from "./statement.mjs";

const ownMemoryMb = 256;

// process.exit() would wait for the query.
process.once("disconnect", () => process.kill(process.pid, "SIGKILL"));
process.once("message", handleOrder);

async function handleOrder(order) {
  if (order.task === "run") lowerPriority();
  guardMemory(order.memoryMb);
  try {
    const connection = await openConfined(order);
    const query = order.task === "run" ? withStoredFileNames(order) : order;
    const { sql, parameters } = await parseSelect(connection, query.sql);
    if (order.task === "check") return answer({ parameters });
    log("Started.");
    const started = performance.now();
    const { rows, bytes, note } = await writeResult(connection, query, sql);
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

/** Lets the job rather than the server wait or be killed when the machine runs short of processor time or memory. */
function lowerPriority() {
  setPriority(5);
  if (process.platform === "linux") writeFileSync("/proc/self/oom_score_adj", "1000");
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
