import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildSync } from "esbuild";

const folder = "lib/generated/programs";

/**
 * Makes one file of JavaScript of a program and of all that it imports from this project, in a tenth of a second: a server that
 * read TypeScript by itself would keep a compiler and its thread in memory. Packages stay where they are.
 *
 * @param {string} program such as `lib/server/start.ts`.
 * @returns {string} the path of the file.
 */
export function compile(program) {
  const { outputFiles } = buildSync({
    entryPoints: [program],
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20.19",
    write: false,
    logLevel: "error",
  });
  const [compiled] = outputFiles;
  const path = join(folder, program.replace(/\.ts$/, ".js"));
  // The folder may be read-only once everything is built.
  if (existsSync(path) && readFileSync(path).equals(compiled.contents)) return path;
  // Moved into place as a whole: another process may be about to read it.
  const beside = `${path}.${randomUUID()}`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(beside, compiled.contents);
  renameSync(beside, path);
  return path;
}

/**
 * What Node is given to run the server, compiled.
 *
 * @returns {string[]} its flags, and the program at the end.
 */
export function serverArguments() {
  return ["--conditions=react-server", "--max-old-space-size=512", compile("lib/server/start.ts")];
}
