import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { chromium } from "@playwright/test";
import { runBounded } from "./bounded";

/** A Chromium that starts. `path` is null for Playwright's own. */
export type Browser = { name: string; path: string | null };

/** Chromium does not start with its sandbox as root. */
export const browserArguments = process.getuid?.() === 0 ? ["--no-sandbox"] : [];

const run = promisify(execFile);

/**
 * Finds or installs a browser for the tests: Playwright's own, an installed one, Playwright's by download, or, as root on
 * Debian, the package `chromium`.
 *
 * @param say prints a line. It is called before anything is downloaded or installed.
 */
export async function findBrowser(say: (text: string) => void): Promise<Browser> {
  const found = (await findPlaywrightsOwn()) ?? (await findInstalled());
  if (found) return found;

  say("no Chromium found, so Playwright downloads one to its cache …");
  await runBounded(["node_modules/@playwright/test/cli.js", "install", "chromium"], { minutes: 3 });
  const downloaded = await findPlaywrightsOwn();
  if (downloaded) return downloaded;

  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    say("the download failed, so apt-get installs the Debian package chromium, as root, for the browser tests …");
    const options = { timeout: 5 * 60_000, env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
    await run("apt-get", ["update", "-qq"], options);
    await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], options);
    const packaged = await findInstalled();
    if (packaged) return packaged;
  }
  throw new Error(
    "No Chromium was found for the browser tests and none could be installed. Install Chromium or Chrome, then run this again.",
  );
}

async function findPlaywrightsOwn(): Promise<Browser | null> {
  return (await canStart(undefined)) ? { name: "Playwright's own Chromium", path: null } : null;
}

async function findInstalled(): Promise<Browser | null> {
  for (const path of candidatePaths()) {
    if (existsSync(path) && (await canStart(path))) return { name: path, path };
  }
  return null;
}

function candidatePaths(): string[] {
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

async function canStart(executablePath: string | undefined): Promise<boolean> {
  try {
    const browser = await chromium.launch({ executablePath, args: browserArguments, timeout: 30_000 });
    await browser.close();
    return true;
  } catch {
    return false;
  }
}
