import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { apacheModules, type Program } from "./debian-program";
import { runProgram } from "./run-program";

/** A proxy that runs a configuration of docs/examples. */
export interface ReverseProxy {
  stop(): Promise<void>;
}

interface ProxySettings {
  /** A file in docs/examples. */
  example: string;
  /** Texts of the example, such as `127.0.0.1:8080`, and what replaces them. */
  replacements: Record<string, string>;
  /** Where it listens after the replacements. */
  origin: string;
  /** Writes the configuration into the folder and returns the arguments with which the program at the path runs it. */
  prepare(configuration: string, folder: string, path: string): Promise<string[]>;
}

/** Runs an example with its replacements and waits until it accepts connections. */
export async function startProxy(
  program: Program,
  { example, replacements, origin, prepare }: ProxySettings,
): Promise<ReverseProxy> {
  const folder = await mkdtemp(join(tmpdir(), "tessera-proxy-"));
  const configuration = replaceAll(await readFile(join("docs/examples", example), "utf8"), replacements);
  const args = await prepare(configuration, folder, program.path);
  const answers = () =>
    fetch(origin).then(
      () => true,
      () => false,
    );
  return runProgram(program, args, folder, answers, 60_000);
}

function replaceAll(text: string, replacements: Record<string, string>): string {
  for (const [original, replacement] of Object.entries(replacements)) {
    if (!text.includes(original)) throw new Error(`The example does not contain ${original}.`);
    text = text.replaceAll(original, replacement);
  }
  return text;
}

/** Includes the example in a minimal configuration, as nginx would include it from its conf.d. */
export async function prepareNginx(configuration: string, folder: string): Promise<string[]> {
  const kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  const main = `
    daemon off; master_process off; pid nginx.pid;
    events {}
    http { access_log off; ${kinds.map((kind) => `${kind}_temp_path ${kind};`).join(" ")} include example.conf; }`;
  await writeFile(join(folder, "example.conf"), configuration);
  await writeFile(join(folder, "nginx.conf"), main);
  return ["-p", `${folder}/`, "-c", "nginx.conf", "-e", "stderr"];
}

export async function prepareHaproxy(configuration: string, folder: string): Promise<string[]> {
  const file = join(folder, "haproxy.cfg");
  await writeFile(file, configuration);
  return ["-db", "-f", file];
}

/** Turns off Caddy's administration port, which all instances of Caddy on a machine would share. */
export async function prepareCaddy(configuration: string, folder: string): Promise<string[]> {
  const file = join(folder, "Caddyfile");
  await writeFile(file, `{\n\tadmin off\n}\n\n${configuration}`);
  return ["run", "--adapter", "caddyfile", "--config", file];
}

/** Includes the example in a minimal configuration, with the modules that Debian turns on and those that the example names. */
export async function prepareApache(configuration: string, folder: string, path: string): Promise<string[]> {
  const modules = ["mpm_event", "authn_core", "authz_core", "env", "auth_openidc", "headers", "proxy", "proxy_http"];
  const main = [
    `ServerRoot ${folder}`,
    "ServerName localhost",
    `DefaultRuntimeDir ${folder}`,
    "PidFile apache.pid",
    "ErrorLog error.log",
    ...modules.map((name) => `LoadModule ${name}_module ${join(apacheModules(path), `mod_${name}.so`)}`),
    // Apache refuses to serve as root.
    ...(process.getuid?.() === 0 ? ["User www-data", "Group www-data"] : []),
    "Include example.conf",
  ];
  await writeFile(join(folder, "example.conf"), configuration);
  await writeFile(join(folder, "apache2.conf"), main.join("\n"));
  return ["-D", "FOREGROUND", "-f", join(folder, "apache2.conf")];
}
