import { existsSync, readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { describe, expect, test } from "vitest";

// Biome refuses cycles between files and imports against the order of lib, but does not see cycles between folders.

const product = ["app", "components", "lib"];
const endings = ["", ".ts", ".tsx", ".mjs", ".d.ts"];

const files = product
  .flatMap((room) => readdirSync(room, { recursive: true, encoding: "utf8" }).map((file) => `${room}/${file}`))
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => /\.(ts|tsx|mjs)$/.test(file) && !/\.test\.tsx?$/.test(file) && !file.startsWith("lib/generated/"));

/** The files of this project that a file imports, types and dynamic imports included. */
function importsOf(file: string): string[] {
  const specifiers = readFileSync(file, "utf8").matchAll(/\b(?:from|import)\s*\(?\s*"([^"]+)"/g);
  return [...specifiers].flatMap(([, specifier = ""]) => {
    if (!/^(@\/|\.)/.test(specifier)) return [];
    const path = specifier.startsWith("@/") ? specifier.slice(2) : posix.join(posix.dirname(file), specifier);
    const found = endings.map((ending) => path + ending).find((each) => /\.\w+$/.test(each) && existsSync(each));
    return found ? [found] : [];
  });
}

/** The folder of a file in `lib` or `components`; files directly in them belong to none. */
const folderOf = (file: string) => /^(?:lib|components)\/[^/]+(?=\/)/.exec(file)?.[0] ?? null;

const imports = files.flatMap((file) => importsOf(file).map((imported) => ({ file, imported })));

/** A chain of folders that leads from one back to itself, or null. */
function findCycle(arrows: Map<string, Set<string>>, path: string[], done: Set<string>): string[] | null {
  const last = path.at(-1) ?? "";
  for (const next of arrows.get(last) ?? []) {
    if (path.includes(next)) return [...path.slice(path.indexOf(next)), next];
    const cycle = done.has(next) ? null : findCycle(arrows, [...path, next], done);
    if (cycle) return cycle;
  }
  done.add(last);
  return null;
}

describe("the imports of the product", () => {
  test("are found", () => {
    expect(imports.length).toBeGreaterThan(1_000);
  });

  test("make no cycle between folders of lib and of components", () => {
    const arrows = new Map<string, Set<string>>();
    for (const { file, imported } of imports) {
      const [from, to] = [folderOf(file), folderOf(imported)];
      if (from && to && from !== to) arrows.set(from, (arrows.get(from) ?? new Set()).add(to));
    }
    const done = new Set<string>();
    expect([...arrows.keys()].map((folder) => findCycle(arrows, [folder], done)).find(Boolean)).toBeUndefined();
  });

  test("lead to nothing that serves development only", () => {
    const outside = imports.filter(({ imported }) => /^(testing|scripts|bench|e2e|prisma)\//.test(imported));
    expect(outside).toEqual([]);
  });
});
