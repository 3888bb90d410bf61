import { ensureBuilt } from "./build";
import { printFailure, step } from "./steps";

// `npm run build`: the production build, which `npm start` also makes if it is missing or outdated.
try {
  await step("Pages", ensureBuilt);
} catch (error) {
  printFailure(error);
  process.exit(1);
}
