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

// A process starts from the production build, which is made first if there is none.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 600_000 });
const patient = { timeout: 120_000, interval: 100 };

let folder: string;
let way: Awaited<ReturnType<typeof wayTo>>;
let server: ServerProcess;
let value: string;

beforeAll(async () => {
  await ensureBuilt();
  folder = await mkdtemp(join(tmpdir(), "tessera-outage-"));
  way = await wayTo(new URL(env().databaseUrl));
  const settings = { PORT: String(await freePort(0)), DATABASE_URL: way.url, TESSERA_DATA_DIR: folder };
  server = await startServer(settings, join(folder, "server.log"));
  ({ value } = await makeTarget(true));
});
afterAll(async () => {
  await server.stop();
  way.close();
  await rm(folder, { recursive: true, force: true });
});

test("a page says that the database is out of reach for now, nobody is signed out, and it comes back by itself", async () => {
  expect((await page()).status).toBe(200);
  way.cut();
  const answer = await page();
  expect(answer.status).toBe(503);
  expect(answer.headers.get("retry-after")).toBe("2");
  // The page in the browser knows by this which words to say.
  expect(await answer.text()).toMatch(/digest\W+unavailable/);
  way.mend();
  await expect.poll(async () => (await page()).status, patient).toBe(200);
});

const page = () =>
  fetch(`${server.origin}/settings/account`, {
    headers: { Cookie: `tessera-session=${value}` },
    redirect: "manual",
  });

/** A way to a database that can be cut: then what goes over it ends, and nothing new gets through. */
async function wayTo(database: URL) {
  const open = new Set<Socket>();
  let isCut = false;
  const way: Server = createServer((socket) => {
    if (isCut) return socket.destroy();
    const onward = connect(Number(database.port || 5432), database.hostname);
    for (const [end, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      open.add(end);
      end.on("error", () => other.destroy());
      end.on("close", () => {
        open.delete(end);
        other.destroy();
      });
      end.pipe(other);
    }
  });
  way.listen(0, "127.0.0.1");
  await once(way, "listening");
  const url = new URL(database);
  url.hostname = "127.0.0.1";
  url.port = String((way.address() as AddressInfo).port);
  const cut = () => {
    isCut = true;
    for (const socket of open) socket.destroy();
  };
  return {
    url: url.href,
    cut,
    mend: () => {
      isCut = false;
    },
    close: () => {
      cut();
      way.close();
    },
  };
}
