import { ensureBuilt } from "./build";
import { printFailure, step } from "./steps";

// `npm run build`: the production build, which `npm start` makes by itself when it is missing or old.
try {
  await step("Pages", ensureBuilt);
} catch (error) {
  printFailure(error);
  process.exit(1);
}
