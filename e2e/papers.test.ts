import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { serverArguments } from "@/lib/server/compile.mjs";

// Comments and documents refer to sections, decisions and files. Each of them must exist.

const generated = ["node_modules", ".next", ".git", ".tessera", "lib/generated", "test-results", "playwright-report"];
const written = /\.(tsx?|mjs|sql|md|ya?ml|conf|cfg|prisma|css|json)$|(^|\/)(\.env\.example|Dockerfile|Caddyfile)$/;

const files = filesIn(".").filter((path) => written.test(path) && !path.endsWith("package-lock.json"));
const documents = files.filter((path) => path.endsWith(".md"));
const textOf = (path: string) => readFileSync(path, "utf8");

test("every reference to the design names a numbered heading or item of it", () => {
  const numbers = numbersOf(textOf("docs/design.md"));
  expect(numbers).toContain("3.1.5");
  const references = referencesIn(files, /\bdesign,? (?:section )?(\d+(?:\.\d+)*)/gi);
  expect(references.length).toBeGreaterThan(20);
  expect(references.filter(({ found }) => !numbers.has(found))).toEqual([]);
});

test("every decision that is referred to exists", () => {
  const numbers = new Set(decisions().map((name) => name.slice(0, 4)));
  const references = referencesIn(files, /\bdecisions?[ /](?:\d{4} and )?(?!0000)(\d{4})\b/gi);
  expect(references.length).toBeGreaterThan(5);
  expect(references.filter(({ found }) => !numbers.has(found))).toEqual([]);
});

test("every document that is named exists", () => {
  const references = referencesIn(files, /(?<![\w./-])(docs\/(?:[\w./-]+\.\w+|decisions\/\d{4}))/g);
  expect(references.length).toBeGreaterThan(10);
  const exists = ({ found }: Reference) => existsSync(found) || decisions().some((name) => isStart(found, name));
  expect(references.filter((reference) => !exists(reference))).toEqual([]);
});

test("every link of a document leads to a file, and to a heading of it", () => {
  const references = referencesIn(documents, /\]\((?!\w+:)([^)\s]+)\)/g);
  expect(references.length).toBeGreaterThan(50);
  expect(references.filter(({ path, found }) => !isTarget(path, found))).toEqual([]);
});

test("every path that a document names exists", () => {
  // A record says how things were when the decision was taken.
  const present = documents.filter((path) => !path.startsWith("docs/decisions/"));
  const references = referencesIn(
    present,
    /`((?:app|components|lib|prisma|e2e|scripts|testing|bench)\/[\w./()[\]-]*)`/g,
  );
  expect(references.length).toBeGreaterThan(50);
  expect(references.filter(({ found }) => !existsSync(found))).toEqual([]);
});

test("the index of decisions has every record under its title", () => {
  const index = textOf("docs/decisions/README.md");
  for (const name of decisions()) {
    const [, number, title] = /^# (\d{4}) (.+)/.exec(textOf(join("docs/decisions", name))) ?? [];
    expect(number, name).toBe(name.slice(0, 4));
    expect(index).toContain(`| [${number}](${name}) | ${title} |`);
  }
});

test("the image starts the server as `npm start` does", () => {
  const command = JSON.parse(/^CMD (.+)$/m.exec(textOf("Dockerfile"))?.[1] ?? "null");
  const [program = "", ...flags] = serverArguments().toReversed();
  expect(command.at(-1)).toBe(program.replaceAll("\\", "/"));
  expect(command).toEqual(expect.arrayContaining(flags));
});

interface Reference {
  path: string;
  found: string;
}

/** What the first group of a pattern matches in these files. */
function referencesIn(paths: string[], pattern: RegExp): Reference[] {
  return paths.flatMap((path) =>
    [...textOf(path).matchAll(pattern)].map(([, found = ""]) => ({ path, found: found.replace(/\/$/, "") })),
  );
}

/** The numbers of a document's headings, and of the numbered list items below them: `3.1` and `3.1.4`. */
function numbersOf(document: string): Set<string> {
  const numbers = new Set<string>();
  let heading = "";
  for (const line of document.split("\n")) {
    heading = /^#+ (\d+(?:\.\d+)*)\.? /.exec(line)?.[1] ?? (line.startsWith("#") ? "" : heading);
    const item = /^(\d+)\. /.exec(line)?.[1];
    if (heading) numbers.add(item ? `${heading}.${item}` : heading);
  }
  return numbers;
}

const decisions = () => readdirSync("docs/decisions").filter((name) => /^(?!0000)\d{4}-.*\.md$/.test(name));

/** `docs/decisions/0103` is short for the record that begins so. */
const isStart = (found: string, name: string) => found === `docs/decisions/${name.slice(0, 4)}`;

function isTarget(from: string, link: string): boolean {
  const [file = "", anchor] = link.split("#");
  const target = file === "" ? from : join(dirname(from), decodeURIComponent(file));
  return existsSync(target) && (anchor === undefined || anchorsOf(textOf(target)).includes(anchor));
}

/** The anchors that GitHub gives to headings. */
const anchorsOf = (document: string) =>
  [...document.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name).replaceAll("\\", "/");
    if (generated.includes(path) || ["node_modules", ".next"].includes(entry.name)) return [];
    if (entry.isDirectory()) return filesIn(path);
    return entry.isFile() ? [path] : [];
  });
}
