import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { compile } from "@/lib/server/compile.mjs";
import type { Usage } from "./servers/serving";

/** A server in its own process. */
export interface Server {
  port: number;
  /** The token values that it accepts, if it has created them itself. */
  values: string[];
  usage(): Promise<Usage>;
  /** The end of its output. */
  printed(): string;
  stop(): Promise<void>;
}

const conditions = ["--conditions=react-server", "--disable-warning=ExperimentalWarning"];
/** The Node options for a program in TypeScript. */
export const execArgv = ["--import", "tsx", ...conditions];

/** Some fill their database first. */
const startTimeoutMs = 300_000;

export interface StartOptions {
  args?: string[];
  env?: Record<string, string>;
  flags?: string[];
}

/**
 * Starts one of the servers that are compared.
 *
 * @param script of `bench/`, such as `servers/hello`.
 * @throws Error with its output when it does not start.
 */
export async function startServer(
  script: string,
  { args = [], env = {}, flags = [] }: StartOptions = {},
): Promise<Server> {
  // Our servers are compiled, as for `npm start`. Those of the peers find their packages in their own folder only.
  const isOurs = script.startsWith("servers/");
  const [program, needed] = isOurs ? [compile(`bench/${script}.ts`), conditions] : [`bench/${script}.ts`, execArgv];
  const child = fork(program, args, {
    execArgv: [...needed, ...flags],
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const printed = captureOutput(child);
  const exited = once(child, "exit");
  const limit = setTimeout(() => child.kill("SIGKILL"), startTimeoutMs);
  const first = await Promise.race([once(child, "message"), exited.then(() => null)]);
  clearTimeout(limit);
  if (!first) throw new Error(`${script} did not start. It printed:\n${printed()}`);
  const [{ port, values }] = first as [Pick<Server, "port" | "values">];
  return {
    port,
    values,
    printed,
    usage: async () => {
      child.send("usage");
      const [usage] = await once(child, "message");
      return usage as Usage;
    },
    stop: async () => {
      if (child.connected) child.disconnect();
      const timer = setTimeout(() => child.kill("SIGKILL"), 20_000);
      await exited;
      clearTimeout(timer);
    },
  };
}

/** Returns a function that gives the end of the output of a process. */
function captureOutput(child: ChildProcess): () => string {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk) => {
      output = (output + chunk).slice(-4_000);
    });
  }
  return () => output;
}
