// The process of one job. It gets its order from the parent, answers once and ends; a parent that dies ends it too.
import { writeFileSync } from "node:fs";
import { setPriority } from "node:os";
import { openConfined } from "./confine.mjs";
import { writeResult } from "./formats.mjs";
import { refusalOf } from "./refusal.mjs";
import { singleSelect } from "./statement.mjs";

/** What Node and DuckDB need for themselves, beside the memory that the query may use. */
const ownMemoryMb = 256;

// Not exit: that would wait for the query.
process.once("disconnect", () => process.kill(process.pid, "SIGKILL"));
process.once("message", handleOrder);

async function handleOrder(order) {
  if (order.task === "run") lowerPriority();
  guardMemory(order.memoryMb);
  try {
    const connection = await openConfined(order);
    const { sql, parameters } = await singleSelect(connection, order.sql);
    if (order.task === "check") return answer({ parameters });
    log("Started.");
    const started = performance.now();
    const { rows, bytes } = await writeResult(connection, order, sql);
    log(
      `Wrote ${rows} ${rows === 1 ? "row" : "rows"}, ${bytes} bytes, in ${Math.round(performance.now() - started)} ms.`,
    );
    answer({ rows, bytes });
  } catch (error) {
    const { code, message } = refusalOf(error, order.folder);
    answer({ refused: { code, message } });
  }
}

/** If the machine runs short of processor or memory, the job gives way and not the server. */
function lowerPriority() {
  setPriority(5);
  if (process.platform === "linux") writeFileSync("/proc/self/oom_score_adj", "1000");
}

/** DuckDB's own limit does not count everything; this one does. Queries run on other threads, so the timer stays punctual. */
function guardMemory(memoryMb) {
  const most = (memoryMb + ownMemoryMb) * 1_048_576;
  setInterval(() => {
    if (process.memoryUsage.rss() > most) {
      answer({ refused: { code: "memory", message: "The query needs more memory." } });
    }
  }, 10).unref();
}

const log = (text) => process.send({ log: text });

function answer(message) {
  process.send(message, () => process.exit(0));
}
