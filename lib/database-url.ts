import { userInfo } from "node:os";

/** The modes of TLS as libpq reads them, without those that fall back to no encryption. */
const sslModes = new Set(["disable", "require", "verify-ca", "verify-full"]);

/** Reads the URL of a database as libpq does: sockets as `postgres:///name?host=/run/postgresql` or with the path
 * escaped in place of the host, and TLS by `sslmode` and `sslrootcert`, except on a socket. Without a user, it is the
 * account of the operating system. Null when it is none. */
export function readDatabaseUrl(text: string): URL | null {
  // Without a host, a URL must not have a user or a port; the driver takes the socket from the parameter. Parameters have
  // no plus signs for spaces.
  const spelled = text
    .replace(/^(postgres(?:ql)?:\/\/)((?:[^/?#@]*@)?)(?=:\d+\/)/, "$1$2localhost")
    .replace(/^(postgres(?:ql)?:\/\/[^/?#@]*@)(?=\/)/, "$1localhost")
    .replace(/\?.*$/, (query) => query.replaceAll("+", "%2B"));
  if (!URL.canParse(spelled)) return null;
  const url = new URL(spelled);
  const { protocol, hostname, pathname, searchParams } = url;
  if (!/^postgres(ql)?:$/.test(protocol) || pathname.length < 2) return null;
  if (hostname === "" && !searchParams.get("host")) return null;
  if (/%(?![\da-f]{2})/i.test(hostname)) return null;
  const mode = searchParams.get("sslmode");
  if (mode !== null && !sslModes.has(mode)) return null;
  if (isSocket(url)) {
    for (const name of ["sslmode", "sslrootcert", "sslcert", "sslkey"]) searchParams.delete(name);
  } else if (mode !== null) searchParams.set("uselibpqcompat", "true");
  const user = url.username || searchParams.get("user") || process.env.PGUSER || accountName();
  if (user && !url.username) searchParams.set("user", user);
  return url;
}

const isSocket = ({ hostname, searchParams }: URL) =>
  (searchParams.get("host") ?? decodeURIComponent(hostname)).startsWith("/");

/** Null for an account without a name, as containers have. */
function accountName(): string | null {
  try {
    return userInfo().username;
  } catch {
    return null;
  }
}

/** The host and port of a database, or the folder of its socket, for the console. */
export function databaseHost(text: string): string {
  const url = readDatabaseUrl(text);
  return url?.searchParams.get("host") ?? decodeURIComponent(url?.host ?? "");
}
