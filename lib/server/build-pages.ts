import { ensureBuilt } from "./build";
import { printFailure, step } from "./steps";

// This is `npm run build`. `npm start` also makes the build when it is missing or outdated.
try {
  await step("Pages", ensureBuilt);
} catch (error) {
  printFailure(error);
  process.exit(1);
}
