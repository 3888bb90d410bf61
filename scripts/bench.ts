import { bench } from "@/bench/bench";
import { printFailure } from "@/lib/server/steps";

// `npm run bench` runs all sections in about half an hour; `npm run bench -- --quick growth lists` runs two of them, reduced.
const haveAllRun = await bench(process.argv.slice(2)).catch((error) => {
  printFailure(error);
  return false;
});
process.exit(haveAllRun ? 0 : 1);
