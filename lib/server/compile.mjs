import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildSync } from "esbuild";

const folder = "lib/generated/programs";

/** Bundles a program without its packages. A server that loaded TypeScript directly would keep a compiler in memory.
 * @param {string} program such as `lib/server/start.ts` @returns {string} the path of the JavaScript file */
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
  // The rename is atomic; another process may read the file at this moment.
  const beside = `${path}.${randomUUID()}`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(beside, compiled.contents);
  renameSync(beside, path);
  return path;
}

/** Compiles the server. @returns {string[]} the arguments for Node: its flags, and the program last */
export function serverArguments() {
  return ["--conditions=react-server", "--max-old-space-size=512", compile("lib/server/start.ts")];
}
