import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { compile } from "@/lib/server/compile.mjs";
import type { Usage } from "./servers/serving";

/** A server in a process of its own. */
export interface Server {
  port: number;
  /** What it accepts, when it made that itself. */
  values: string[];
  usage(): Promise<Usage>;
  /** The end of what it printed. */
  printed(): string;
  stop(): Promise<void>;
}

const conditions = ["--conditions=react-server", "--disable-warning=ExperimentalWarning"];
/** For a program in TypeScript. */
export const execArgv = ["--import", "tsx", ...conditions];

interface How {
  args?: string[];
  env?: Record<string, string>;
  flags?: string[];
}

/**
 * Starts one of the servers that are compared.
 *
 * @param script of `bench/`, such as `servers/hello`.
 * @throws Error with what it printed when it does not come up.
 */
export async function startServer(script: string, { args = [], env = {}, flags = [] }: How = {}): Promise<Server> {
  // Ours run as `npm start` does; the peers' packages lie beside them.
  const isOurs = script.startsWith("servers/");
  const [program, needed] = isOurs ? [compile(`bench/${script}.ts`), conditions] : [`bench/${script}.ts`, execArgv];
  const child = fork(program, args, {
    execArgv: [...needed, ...flags],
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const printed = keptOutput(child);
  const exited = once(child, "exit");
  const first = await Promise.race([once(child, "message"), exited.then(() => null)]);
  if (!first) throw new Error(`${script} did not come up. It printed:\n${printed()}`);
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
      const tooLong = setTimeout(() => child.kill("SIGKILL"), 20_000);
      await exited;
      clearTimeout(tooLong);
    },
  };
}

/** The end of what a process prints. */
function keptOutput(child: ChildProcess): () => string {
  let kept = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk) => {
      kept = (kept + chunk).slice(-4_000);
    });
  }
  return () => kept;
}
