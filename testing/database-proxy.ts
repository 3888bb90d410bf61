import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A proxy of a database that can fail as networks and machines do. */
export interface DatabaseProxy {
  url: string;
  /** Ends the connections and refuses others. */
  cut(): void;
  /** Accepts connections and passes nothing on, like a stopped machine. */
  mute(): void;
  /** Passes nothing on of the connections that are open now, like a firewall that forgets them. Others work. */
  lose(): void;
  /** Works again. Connections from before are ended. */
  restore(): void;
  /** Leads to another server from now on, and ends the connections. */
  leadTo(database: URL): void;
  close(): void;
}

/** Starts a proxy on a free port, with the credentials and the database name of the URL. */
export async function startDatabaseProxy(database: URL): Promise<DatabaseProxy> {
  const sockets = new Set<Socket>();
  const lost = new WeakSet<Socket>();
  let target = database;
  let state: "open" | "cut" | "mute" = "open";
  const server: Server = createServer((socket) => {
    if (state === "cut") return socket.destroy();
    const onward = connect(Number(target.port || 5432), target.hostname);
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
      end.on("data", (bytes) => state !== "mute" && !lost.has(end) && other.write(bytes));
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = new URL(database);
  url.hostname = "127.0.0.1";
  url.port = String((server.address() as AddressInfo).port);
  const become = (next: typeof state) => {
    state = next;
    if (next !== "mute") for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.href,
    cut: () => become("cut"),
    mute: () => become("mute"),
    lose: () => {
      for (const socket of sockets) lost.add(socket);
    },
    restore: () => become("open"),
    leadTo: (next) => {
      target = next;
      become("open");
    },
    close: () => {
      become("cut");
      server.close();
    },
  };
}
