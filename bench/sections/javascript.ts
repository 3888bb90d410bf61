import { gzipSync } from "node:zlib";
import { budgets } from "../budgets";
import { createOwnerOf } from "../owner";
import { judge, type Row } from "../row";
import type { Bench, Section } from "../section";

/** The scripts that a browser loads before Manage Tokens is interactive. */
export const javascript: Section = {
  name: "javascript",
  about: "JavaScript of Manage Tokens, first load",
  async run({ stock, product }: Bench): Promise<Row[]> {
    await stock();
    const { port } = await product();
    const origin = `http://localhost:${port}`;
    const { cookie } = await createOwnerOf(100);
    const page = await (await fetch(`${origin}/settings/tokens`, { headers: cookie })).text();
    const sources = scriptsOf(page);
    if (sources.length === 0) throw new Error("The page refers to no scripts.");
    const scripts = await Promise.all(sources.map((source) => load(new URL(source, origin))));
    const sum = (sizes: number[]) => sizes.reduce((a, b) => a + b, 0) / 1000;
    const gzip = sum(scripts.map((script) => gzipSync(script).length));
    return [
      {
        title: `${scripts.length} scripts, gzip (${sum(scripts.map(({ length }) => length)).toFixed(0)} kB uncompressed)`,
        figure: `${gzip.toFixed(1)} kB`,
        verdicts: [judge(budgets.javascript, gzip)],
        note: "The scripts that the page refers to, without those for browsers without modules. Menus and dialogs are loaded when they are first opened.",
      },
    ];
  },
};

/** The URLs of the scripts, without those that only old browsers load. */
function scriptsOf(page: string): string[] {
  const tags = [...page.matchAll(/<script\b[^>]*>/gi)].map(([tag]) => tag).filter((tag) => !/\bnomodule\b/i.test(tag));
  const sources = tags.map((tag) => /\bsrc="([^"]+)"/.exec(tag)?.[1]).filter((source) => source !== undefined);
  return [...new Set(sources)];
}

async function load(url: URL): Promise<Buffer> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`A script of the page was answered ${answer.status}.`);
  return Buffer.from(await answer.arrayBuffer());
}
