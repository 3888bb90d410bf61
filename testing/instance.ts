import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

/** One of several server processes on the database of this one. */
export interface Instance {
  origin: string;
  /** By this name PostgreSQL knows its connections. */
  name: string;
  /** Stops and continues it as a machine out of breath would, or kills it as a power cut would. */
  signal(signal: "SIGSTOP" | "SIGCONT" | "SIGKILL"): void;
  /** Asks it to end, however it is, and waits for that. */
  stop(): Promise<void>;
  /** The last of what it printed. */
  printed(): string;
}

const printedMax = 20_000;

/**
 * Starts one, and waits until it answers.
 *
 * @param program what it runs.
 * @param settings in its environment, besides those of this process.
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
  const tooEarly = ended.then(() => Promise.reject(new Error(`${name} did not start. It printed:\n${printed}`)));
  const [port] = await Promise.race([once(child, "message"), tooEarly]);
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
