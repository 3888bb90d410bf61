import { execFile } from "node:child_process";
import { appendFile, chmod, chown, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { readDatabaseUrl } from "@/lib/database-url";
import { freePort, startDatabase } from "@/lib/server/database";
import { type PostgresPrograms, postgresPrograms } from "@/lib/server/postgres-programs";
import { findProgram, type Program } from "@/testing/debian-program";
import { prepareOn, startOn } from "@/testing/starts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

// The addresses of a database that libpq knows: TLS with the certificate of a private authority, and sockets.
const run = promisify(execFile);
const openssl = await findProgram("openssl");
if (typeof openssl === "string") console.warn(`TLS to PostgreSQL is not tested: ${openssl}`);

let folder: string;
let sockets: string;
let programs: PostgresPrograms;
let data: string;
let port: number | null;
let credentials: string;
let role: { user: string; password: string };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tessera-address-"));
  await chmod(folder, 0o711);
  const database = await startDatabase(folder, { superuser: true });
  const { username, password } = new URL(database.url);
  role = { user: username, password };
  credentials = `${username}:${password}`;
  const client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query(`CREATE ROLE ${client.escapeIdentifier(userInfo().username)} LOGIN`);
  await client.end();
  await database.stop();

  programs = await postgresPrograms(join(folder, "postgres"));
  data = join(programs.home, "data");
  // A folder whose name must be escaped in a URL.
  sockets = join(folder, "a+b c");
  await mkdir(sockets);
  await own(sockets);
  port = await freePort(0);
  const settings = [
    `port = ${port}`,
    "listen_addresses = '127.0.0.1'",
    `unix_socket_directories = '"${sockets}"'`,
    ...(typeof openssl === "string" ? [] : ["ssl = on", ...(await makeCertificate(openssl, programs.home))]),
  ];
  await appendFile(join(data, "postgresql.auto.conf"), `${settings.join("\n")}\n`);
  await control("start", "-l", join(programs.home, "server.log"));
});

afterAll(async () => {
  await control("stop", "-m", "immediate");
  await rm(folder, { recursive: true, force: true });
});

describe.skipIf(typeof openssl === "string")("over TLS", () => {
  const ca = (name = "ca.pem") => encodeURIComponent(join(folder, name));
  const over = (host: string, parameters: string) => `postgres://${credentials}@${host}:${port}/tessera?${parameters}`;

  test.each([
    ["the certificate of a private authority", () => over("localhost", `sslmode=verify-full&sslrootcert=${ca()}`)],
    ["another name than the certificate's", () => over("127.0.0.1", `sslmode=verify-ca&sslrootcert=${ca()}`)],
    ["any certificate", () => over("127.0.0.1", "sslmode=require")],
  ])("%s is accepted", async (_, url) => {
    expect(await askHow(url())).toEqual({ encrypted: true, socket: false });
  });

  test("a start gets through", async () => {
    const url = over("localhost", `sslmode=verify-full&sslrootcert=${ca()}`);
    expect(await prepareOn(url)).toEqual({ code: 0, lines: [] });
  });

  test.each([
    [
      "another authority",
      () => over("localhost", `sslmode=verify-full&sslrootcert=${ca("other.pem")}`),
      /^ *✗ Cannot use the database: [^.]*certificate[^.]*\. Name the authority/,
    ],
    [
      "another authority without the check of the name",
      () => over("localhost", `sslmode=verify-ca&sslrootcert=${ca("other.pem")}`),
      /^ *✗ Cannot use the database: [^.]*certificate[^.]*\. Name the authority/,
    ],
    [
      "no authority",
      () => over("localhost", "sslmode=verify-full"),
      /^ *✗ Cannot use the database: [^.]*certificate[^.]*\. Name the authority/,
    ],
    [
      "a file that is no certificate",
      () => over("localhost", `sslmode=verify-full&sslrootcert=${ca("postgres-port")}`),
      /^ *✗ Cannot use the database: [^.]*certificate[^.]*\. Name the authority/,
    ],
    [
      "another name",
      () => over("127.0.0.1", `sslmode=verify-full&sslrootcert=${ca()}`),
      /127\.0\.0\.1 is not in the cert's list.*Use a name of its certificate/,
    ],
    [
      "a server without TLS",
      () => `${process.env.DATABASE_URL}?sslmode=verify-full&sslrootcert=${ca()}`,
      /does not support SSL connections\. Turn on ssl/,
    ],
  ])("%s is refused with one line", async (_, url, message) => {
    const { code, lines } = await startOn(url());
    expect(lines).toEqual([expect.stringMatching(message)]);
    expect(code).toBe(1);
  });
});

describe.skipIf(process.platform === "win32")("over a socket", () => {
  const escaped = () => encodeURIComponent(sockets);

  test.each([
    ["the folder as a parameter", () => `postgresql://${credentials}@/tessera?host=${escaped()}&port=${port}`],
    [
      "a plus sign as it is",
      () => `postgres://${credentials}@/tessera?host=${sockets.replace(" ", "%20")}&port=${port}`,
    ],
    ["a port without a host", () => `postgres://${credentials}@:${port}/tessera?host=${escaped()}`],
    ["the folder in place of the host", () => `postgresql://${credentials}@${escaped()}:${port}/tessera`],
    [
      "no authority at all",
      () => `postgresql:///tessera?host=${escaped()}&port=${port}&user=${role.user}&password=${role.password}`,
    ],
    [
      "sslmode, which libpq ignores",
      () => `postgres://${credentials}@${escaped()}:${port}/tessera?sslmode=verify-full&sslrootcert=/nowhere`,
    ],
  ])("%s is read as libpq reads it", async (_, url) => {
    expect(await askHow(url())).toEqual({ encrypted: false, socket: true });
  });

  test("a start gets through", async () => {
    const url = `postgresql://${credentials}@/tessera?host=${escaped()}&port=${port}`;
    expect(await prepareOn(url)).toEqual({ code: 0, lines: [] });
  });

  test("without a user it is the account of the operating system", async () => {
    await writeFile(join(data, "pg_hba.conf"), "local all all peer\nhost all all 127.0.0.1/32 scram-sha-256\n");
    await control("reload");
    vi.stubEnv("PGUSER", "");
    const url = `postgresql:///tessera?host=${escaped()}&port=${port}`;
    await expect.poll(() => askHow(url).catch(String)).toEqual({ encrypted: false, socket: true });
  });
});

/** Connects as the server does, which reads DATABASE_URL first. */
async function askHow(url: string) {
  const client = new Client({ connectionString: readDatabaseUrl(url)?.href });
  await client.connect();
  const { rows } = await client.query(
    "SELECT ssl AS encrypted, inet_server_addr() IS NULL AS socket FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
  );
  await client.end();
  return rows[0];
}

/** Makes an authority with a certificate for `localhost`, and another authority. Returns the settings of PostgreSQL. */
async function makeCertificate({ path, env }: Program, home: string): Promise<string[]> {
  const ask = (...args: string[]) => run(path, args, { cwd: folder, env: { ...process.env, ...env } });
  const newKey = ["-newkey", "rsa:2048", "-nodes"];
  for (const name of ["ca", "other"]) {
    const subject = ["-subj", `/CN=Authority ${name}`];
    await ask("req", "-x509", ...newKey, "-keyout", `${name}.key`, "-out", `${name}.pem`, "-days", "2", ...subject);
  }
  const [key, certificate] = [join(home, "server.key"), join(home, "server.pem")];
  await writeFile(join(folder, "names.txt"), "subjectAltName=DNS:localhost\n");
  await ask("req", ...newKey, "-keyout", key, "-out", "server.csr", "-subj", "/CN=database");
  const authority = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"];
  await ask(
    "x509",
    "-req",
    "-in",
    "server.csr",
    ...authority,
    "-out",
    certificate,
    "-days",
    "2",
    "-extfile",
    "names.txt",
  );
  await chmod(key, 0o600);
  for (const file of [key, certificate]) await own(file);
  return [`ssl_key_file = '${key}'`, `ssl_cert_file = '${certificate}'`];
}

async function own(path: string): Promise<void> {
  if (programs.account) await chown(path, programs.account.uid, programs.account.gid);
}

function control(...args: string[]) {
  const as = { ...programs.account, cwd: "/", env: { ...process.env, LC_ALL: "C" } };
  return run(programs.pgCtl, [...args, ...(args[0] === "reload" ? [] : ["-w"]), "-s", "-D", data], as);
}
