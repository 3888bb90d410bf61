import { bench } from "@/bench/bench";
import { printFailure } from "@/lib/server/steps";

// `npm run bench`: everything, in about twenty minutes. `npm run bench -- --quick growth lists`: those two, small.
const all = await bench(process.argv.slice(2)).catch((error) => {
  printFailure(error);
  return false;
});
process.exit(all ? 0 : 1);
