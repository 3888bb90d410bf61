import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Program } from "./debian-program";

/** A proxy that runs one of docs/examples. */
export interface ReverseProxy {
  stop(): Promise<void>;
}

interface Running {
  /** The file of docs/examples. */
  example: string;
  /** What stands in the example, and what is to stand there here: addresses with ports. */
  instead: Record<string, string>;
  /** The address that it listens on here. */
  origin: string;
  /** The arguments that make it run this configuration, for which the folder is free to write into. */
  start(configuration: string, folder: string): Promise<string[]>;
}

const timeoutMs = 60_000;

/** Runs an example as it stands but for its addresses, and waits until it takes connections. */
export async function startProxy(
  { path, env }: Program,
  { example, instead, origin, start }: Running,
): Promise<ReverseProxy> {
  const folder = await mkdtemp(join(tmpdir(), "tessera-proxy-"));
  const args = await start(replaced(await readFile(join("docs/examples", example), "utf8"), instead), folder);
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
    if (
      await fetch(origin).then(
        () => true,
        () => false,
      )
    )
      return { stop };
  }
  await stop();
  throw new Error(`${path} does not take connections. It printed:\n${printed}`);
}

function replaced(text: string, instead: Record<string, string>): string {
  for (const [there, here] of Object.entries(instead)) {
    if (!text.includes(there)) throw new Error(`The example does not say ${there}.`);
    text = text.replaceAll(there, here);
  }
  return text;
}

/** nginx takes the example as one of the files of its conf.d; the frame around it is what a test needs. */
export async function nginxArguments(configuration: string, folder: string): Promise<string[]> {
  const kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  const frame = `
    daemon off; master_process off; pid nginx.pid;
    events {}
    http { access_log off; ${kinds.map((kind) => `${kind}_temp_path ${kind};`).join(" ")} include example.conf; }`;
  await writeFile(join(folder, "example.conf"), configuration);
  await writeFile(join(folder, "nginx.conf"), frame);
  return ["-p", `${folder}/`, "-c", "nginx.conf", "-e", "stderr"];
}

export async function haproxyArguments(configuration: string, folder: string): Promise<string[]> {
  const file = join(folder, "haproxy.cfg");
  await writeFile(file, configuration);
  return ["-db", "-f", file];
}
