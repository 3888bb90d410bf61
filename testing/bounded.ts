import { type ChildProcess, spawn } from "node:child_process";

/** How a program ended. */
export type Ending = { code: number | null; timedOut: boolean; output: string };

type Options = {
  minutes: number;
  env?: Record<string, string>;
  /** Also prints the output as it comes. */
  show?: boolean;
};

/**
 * Runs a Node program without input, and kills it and its children after the given minutes.
 *
 * @param args a script and its arguments.
 */
export function runBounded(args: string[], { minutes, env = {}, show = false }: Options): Promise<Ending> {
  return waitForEnd(startGroup(args, env), minutes, show);
}

/**
 * Starts Node in a process group of its own, which `endGroup` ends as a whole.
 *
 * @param output a file descriptor for its output; by default the child has streams.
 * @param cwd the folder it starts in.
 */
export function startGroup(
  args: string[],
  env: Record<string, string>,
  output: number | "pipe" = "pipe",
  cwd = process.cwd(),
): ChildProcess {
  return spawn(process.execPath, args, {
    cwd,
    stdio: ["ignore", output, output],
    env: {
      ...process.env,
      ...(process.stdout.isTTY ? { FORCE_COLOR: "1" } : { NO_COLOR: "1", FORCE_COLOR: undefined }),
      ...env,
    },
    detached: process.platform !== "win32",
  });
}

export function endGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (!child.pid || child.exitCode !== null || child.signalCode !== null) return;
  if (process.platform === "win32") child.kill(signal);
  else process.kill(-child.pid, signal);
}

/** Waits until a process ends, and kills its group after the given minutes. */
export function waitForEnd(child: ChildProcess, minutes: number, show: boolean): Promise<Ending> {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      output += chunk;
      if (show) process.stdout.write(chunk);
    });
  }
  return new Promise((resolve, reject) => {
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      endGroup(child, "SIGKILL");
    }, minutes * 60_000);
    // The program must not outlive an interrupted test run.
    const onExit = () => endGroup(child, "SIGKILL");
    process.once("exit", onExit);
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(timer);
      process.off("exit", onExit);
      resolve({ code, timedOut, output });
    });
  });
}
