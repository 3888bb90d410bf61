import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { chromium } from "@playwright/test";
import { runBounded } from "./bounded";

/** A Chromium that starts. `path` is null for Playwright's own. */
export type Browser = { name: string; path: string | null };

/** Chromium refuses its sandbox to root. */
export const browserArguments = process.getuid?.() === 0 ? ["--no-sandbox"] : [];

const run = promisify(execFile);

/**
 * Finds a browser for the tests or gets one: Playwright's own; else one that is installed; else Playwright's by download;
 * else Debian's, when this is root on such a system.
 *
 * @param say prints a line. It is called before anything is downloaded or installed.
 */
export async function findBrowser(say: (text: string) => void): Promise<Browser> {
  const found = (await playwrightsOwn()) ?? (await installed());
  if (found) return found;

  say("there is no Chromium here, so Playwright downloads its own to its cache …");
  await runBounded(["node_modules/@playwright/test/cli.js", "install", "chromium"], { minutes: 3 });
  const downloaded = await playwrightsOwn();
  if (downloaded) return downloaded;

  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    say("that did not work, so apt-get installs Debian's package chromium, as root, for the browser tests …");
    const options = { timeout: 5 * 60_000, env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
    await run("apt-get", ["update", "-qq"], options);
    await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], options);
    const packaged = await installed();
    if (packaged) return packaged;
  }
  throw new Error(
    "There is no Chromium for the browser tests and none could be fetched; install Chromium or Chrome, then run this again.",
  );
}

async function playwrightsOwn(): Promise<Browser | null> {
  return (await starts(undefined)) ? { name: "Playwright's own Chromium", path: null } : null;
}

async function installed(): Promise<Browser | null> {
  for (const path of candidates()) {
    if (existsSync(path) && (await starts(path))) return { name: path, path };
  }
  return null;
}

function candidates(): string[] {
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  const programFiles = [process.env.PROGRAMFILES, process.env["PROGRAMFILES(X86)"], process.env.LOCALAPPDATA].filter(
    (folder) => folder !== undefined,
  );
  return [
    ...folders.flatMap((folder) => names.map((name) => join(folder, name))),
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    ...programFiles.map((folder) => join(folder, "Google/Chrome/Application/chrome.exe")),
  ];
}

async function starts(executablePath: string | undefined): Promise<boolean> {
  try {
    const browser = await chromium.launch({ executablePath, args: browserArguments, timeout: 30_000 });
    await browser.close();
    return true;
  } catch {
    return false;
  }
}
