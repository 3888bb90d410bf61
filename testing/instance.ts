import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

/** A server process on the database of this process. */
export interface Instance {
  origin: string;
  /** The `application_name` of its database connections. */
  name: string;
  /** Stops and continues it, as an overloaded machine would, or kills it, as a power cut would. */
  signal(signal: "SIGSTOP" | "SIGCONT" | "SIGKILL"): void;
  /** Ends it, even while it is stopped, and waits until it has ended. */
  stop(): Promise<void>;
  /** The last of what it printed. */
  printed(): string;
}

const printedMax = 20_000;

/**
 * Starts an instance and waits until it listens.
 *
 * @param program its script.
 * @param settings additions to the environment of this process.
 */
export async function startInstance(
  name: string,
  { program = "testing/api-server.ts", settings = {} }: { program?: string; settings?: Record<string, string> } = {},
): Promise<Instance> {
  const child: ChildProcess = fork(program, {
    execArgv: ["--import", "tsx", "--conditions=react-server", "--no-deprecation"],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: { ...process.env, NODE_ENV: "test", PGAPPNAME: name, ...settings },
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      printed = (printed + chunk).slice(-printedMax);
    });
  }
  const ended = once(child, "exit");
  const failure = ended.then(() => Promise.reject(new Error(`${name} did not start. It printed:\n${printed}`)));
  const [port] = await Promise.race([once(child, "message"), failure]);
  return {
    origin: `http://127.0.0.1:${port}`,
    name,
    signal: (signal) => child.kill(signal),
    printed: () => printed,
    stop: async () => {
      child.kill("SIGCONT");
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}
