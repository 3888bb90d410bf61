/** The modes of TLS as libpq reads them, without those that fall back to no encryption. */
const sslModes = new Set(["disable", "require", "verify-ca", "verify-full"]);

/** Reads the URL of a database as libpq does: sockets as `postgres:///name?host=/run/postgresql` or with the path
 * escaped in place of the host, and TLS by `sslmode` and `sslrootcert`. Null when it is none. */
export function readDatabaseUrl(text: string): URL | null {
  // Without a host, a URL must not have a user; the driver takes the socket from the parameter.
  const spelled = text.replace(/^(postgres(?:ql)?:\/\/[^/?#@]*@)(?=\/)/, "$1localhost");
  if (!URL.canParse(spelled)) return null;
  const url = new URL(spelled);
  const { protocol, hostname, pathname, searchParams } = url;
  if (!/^postgres(ql)?:$/.test(protocol) || pathname.length < 2) return null;
  if (hostname === "" && !searchParams.get("host")) return null;
  const mode = searchParams.get("sslmode");
  if (mode !== null && !sslModes.has(mode)) return null;
  if (mode !== null) searchParams.set("uselibpqcompat", "true");
  return url;
}

/** The host and port of a database, or the folder of its socket, for the console. */
export function databaseHost(text: string): string {
  const url = readDatabaseUrl(text);
  return url?.searchParams.get("host") ?? decodeURIComponent(url?.host ?? "");
}
