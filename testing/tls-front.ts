import { execFile } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { request } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** A server that takes https and passes the requests on by http. */
interface TlsFront {
  origin: string;
  /** The file with the certificate, which other accounts of the machine can read. */
  certificate: string;
  stop(): Promise<void>;
}

/** Starts one in front of this origin, with a certificate for 127.0.0.1 that `openssl` makes. While the origin is down, it answers 502. */
export async function startTlsFront(target: string): Promise<TlsFront> {
  const folder = await mkdtemp(join(tmpdir(), "tessera-tls-"));
  await chmod(folder, 0o755);
  const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
  const form = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=tessera test"];
  const names = ["-addext", "subjectAltName=IP:127.0.0.1"];
  await promisify(execFile)("openssl", ["req", ...form, ...names, "-keyout", key, "-out", certificate]);
  await chmod(certificate, 0o644);

  const server = createServer({ key: await readFile(key), cert: await readFile(certificate) }, (incoming, outgoing) => {
    const { method, url: path, headers } = incoming;
    const passed = request(target, { method, path, headers, agent: false }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    passed.on("error", () => outgoing.writeHead(502).end());
    incoming.pipe(passed);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    origin: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    certificate,
    async stop() {
      server.close();
      server.closeAllConnections();
      await rm(folder, { recursive: true });
    },
  };
}
