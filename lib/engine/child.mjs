// This process runs one job after another for as long as its parent lives. Its arguments are the user and group that it
// changes to, if any.
import { writeFileSync } from "node:fs";
import { setPriority } from "node:os";

// process.exit() would wait for the query.
const endNow = () => process.kill(process.pid, "SIGKILL");
process.once("disconnect", endNow);
// A terminal or service manager signals the processes of a server together, and the server lets its jobs finish.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});

// When the machine runs short of memory, it ends the engine rather than the server.
if (process.platform === "linux") writeFileSync("/proc/self/oom_score_adj", "1000");
const { perform, prepare } = await import("./job.mjs");
changeAccount(process.argv.slice(2).map(Number));

let prepared = prepare();
process.on("message", handleOrder);
await prepared;
reportReady();

async function handleOrder(order) {
  send({ begun: true });
  if (order.task === "run") {
    // Lets jobs rather than the server wait for the processor.
    setPriority(5);
    // The names of files in queries are relative to it.
    process.chdir(order.folder);
  }
  const { answer, isFault } = await perform(order, prepared, (text) => send({ log: text }));
  process.chdir("/");
  send(answer, isFault);
  if (isFault) return;
  await collectGarbage();
  reportReady();
  prepared = prepare();
}

/** Also closes what only garbage holds, such as results of a query and their files. */
async function collectGarbage() {
  globalThis.gc();
  await new Promise(setImmediate);
}

function reportReady() {
  send({ ready: process.memoryUsage.rss() });
}

/** Sending fails when the parent is gone. */
function send(message, isLast = false) {
  process.send(message, (error) => {
    if (error || isLast) endNow();
  });
}

/** Everything is imported by now: the account need not be able to read the program's files. */
function changeAccount([uid, gid]) {
  if (uid === undefined) return;
  process.setgroups([]);
  process.setgid(gid);
  process.setuid(uid);
}
