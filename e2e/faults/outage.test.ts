import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { env } from "@/lib/env";
import { ensureBuilt } from "@/lib/server/build";
import { freePort } from "@/lib/server/database";
import { makeTarget } from "@/testing/revocation-target";
import { type ServerProcess, startServer } from "@/testing/tested-server";

// A process is started from the production build, after building it if necessary.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 600_000 });
const pollOptions = { timeout: 120_000, interval: 100 };

let folder: string;
let proxy: Awaited<ReturnType<typeof startDatabaseProxy>>;
let server: ServerProcess;
let value: string;

beforeAll(async () => {
  await ensureBuilt();
  folder = await mkdtemp(join(tmpdir(), "tessera-outage-"));
  proxy = await startDatabaseProxy(new URL(env().databaseUrl));
  const settings = { PORT: String(await freePort(0)), DATABASE_URL: proxy.url, TESSERA_DATA_DIR: folder };
  server = await startServer(settings, join(folder, "server.log"));
  ({ value } = await makeTarget(true));
});
afterAll(async () => {
  await server.stop();
  proxy.close();
  await rm(folder, { recursive: true, force: true });
});

test("a page is answered 503 while the database is unreachable, no user is signed out, and it works again afterwards", async () => {
  expect((await fetchPage()).status).toBe(200);
  proxy.cut();
  const answer = await fetchPage();
  expect(answer.status).toBe(503);
  expect(answer.headers.get("retry-after")).toBe("2");
  // By this digest the page in the browser chooses its text.
  expect(await answer.text()).toMatch(/digest\W+unavailable/);
  proxy.restore();
  await expect.poll(async () => (await fetchPage()).status, pollOptions).toBe(200);
});

const fetchPage = () =>
  fetch(`${server.origin}/settings/account`, {
    headers: { Cookie: `tessera-session=${value}` },
    redirect: "manual",
  });

/** A proxy of a database that can be cut: this ends its connections and refuses new ones. */
async function startDatabaseProxy(database: URL) {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server: Server = createServer((socket) => {
    if (isCut) return socket.destroy();
    const onward = connect(Number(database.port || 5432), database.hostname);
    for (const [end, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      sockets.add(end);
      end.on("error", () => other.destroy());
      end.on("close", () => {
        sockets.delete(end);
        other.destroy();
      });
      end.pipe(other);
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = new URL(database);
  url.hostname = "127.0.0.1";
  url.port = String((server.address() as AddressInfo).port);
  const cut = () => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.href,
    cut,
    restore: () => {
      isCut = false;
    },
    close: () => {
      cut();
      server.close();
    },
  };
}
