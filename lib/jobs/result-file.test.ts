import { execFileSync } from "node:child_process";
import { chown, link, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openResult } from "./result-file";

let folder: string;
let result: string;
let secret: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tessera-result-"));
  result = join(folder, "result");
  secret = join(folder, "postgres-password");
  await writeFile(secret, "secret");
});
afterEach(() => rm(folder, { recursive: true }));

const me = () => {
  const uid = process.getuid?.();
  return uid === undefined ? null : { uid, gid: process.getgid?.() ?? 0 };
};

test("a regular file of the account with the size that the engine named is opened", async () => {
  await writeFile(result, "secret");
  for (const account of [null, me()]) {
    const file = await openResult(result, 6, account);
    expect(await file.readFile("utf8")).toBe("secret");
    await file.close();
  }
});

test.each<[string, () => unknown]>([
  ["a symbolic link to a file of the server", () => symlink(secret, result)],
  ["a hard link to a file of the server", () => link(secret, result)],
  ["a folder", () => mkdir(result)],
  ["nothing", () => undefined],
  ["a shorter file", () => writeFile(result, "five5")],
  ["a longer file", () => writeFile(result, "seven77")],
  ["a pipe that nothing writes to", () => process.platform === "win32" || execFileSync("mkfifo", [result])],
  [
    "a file of another account",
    () => writeFile(result, "secret").then(() => (me()?.uid === 0 ? chown(result, 1, 1) : rm(result))),
  ],
])("%s in place of the result is refused", async (_, place) => {
  await place();
  await expect(openResult(result, 6, me())).rejects.toThrow();
});
