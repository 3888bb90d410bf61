import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { db } from "@/lib/db";
import { env } from "@/lib/env";
import { makeValue } from "@/lib/tokens/value";
import { holdsValue, leaksInDatabase, leaksInFiles } from "./leaks";

const value = makeValue("api").reveal();

test("a value is found inside other text, and other text is not taken for a value", () => {
  expect(holdsValue(`GET /?fmetoken=${value}&x=1`)).toBe(true);
  expect(holdsValue(`"${makeValue("session").reveal()}"`)).toBe(true);
  expect(holdsValue("tsa_…x7Qp")).toBe(false);
  expect(holdsValue(`tsa_${"a".repeat(46)}`)).toBe(false);
});

test("a value in a file of a folder is found", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tessera-leaks-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "clean.bin"), Buffer.from([0, 255, 1, 254]));
  expect(await leaksInFiles([folder])).toEqual([]);
  await writeFile(join(folder, "server.log"), `\u0000\u00ff${value}\n`);
  expect(await leaksInFiles([folder])).toEqual([`the file ${join(folder, "server.log")}`]);
});

test("a value in a row of any table is found", async () => {
  expect(await leaksInDatabase(env().databaseUrl)).toEqual([]);
  await db.role.create({ data: { name: "careless", title: "Careless", description: `uses ${value}` } });
  expect(await leaksInDatabase(env().databaseUrl)).toEqual(["the table public.roles"]);
});
