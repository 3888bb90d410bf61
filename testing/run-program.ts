import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { Program } from "./debian-program";

/**
 * Runs a program until `stop`, and waits until `isUp`. Its folder is removed when it ends.
 *
 * @throws Error with what it printed, when it ends or is not up in time.
 */
export async function runProgram(
  { path, env }: Program,
  args: string[],
  folder: string,
  isUp: () => Promise<boolean>,
  timeoutMs: number,
): Promise<{ stop(): Promise<void> }> {
  const child = spawn(path, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (printed += chunk));
  const ended = once(child, "exit");
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  for (const deadline = Date.now() + timeoutMs; child.exitCode === null && Date.now() < deadline; await delay(50)) {
    if (await isUp()) return { stop };
  }
  await stop();
  throw new Error(`${path} does not accept connections. It printed:\n${printed}`);
}
