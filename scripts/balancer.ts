import { Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";

const checkIntervalMs = 500;

/** A load balancer for trials and tests. docs/examples configures one for production. */
export interface Balancer {
  server: Server;
  /** Origins of the instances that are ready now. */
  ready(): string[];
  /** Checks now which instances are ready, in addition to every half second. */
  check(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Distributes requests over the instances that are ready, in turn. A request is sent to the next instance when its instance
 * refuses the connection, and a GET or HEAD also when its instance breaks it off; other requests are then answered 502.
 *
 * @param origins such as `http://127.0.0.1:3001`. The instances must trust the IP address of this machine as a proxy.
 */
export function createBalancer(origins: string[]): Balancer {
  const agent = new Agent({ keepAlive: true, timeout: 60_000 });
  let ready: string[] = [];
  let turn = 0;

  const check = async () => {
    const answers = await Promise.all(origins.map(isReady));
    ready = origins.filter((_, index) => answers[index]);
  };
  const nextOrigins = () => {
    const first = turn++;
    return ready.map((_, index) => ready[(first + index) % ready.length] as string);
  };
  const server = createServer((incoming, outgoing) => forward(incoming, outgoing, nextOrigins(), agent));
  const timer = setInterval(check, checkIntervalMs);
  return {
    server,
    ready: () => ready,
    check,
    stop: () => {
      clearInterval(timer);
      return new Promise((resolve) => {
        server.close(() => {
          agent.destroy();
          resolve();
        });
        server.closeIdleConnections();
      });
    },
  };
}

async function isReady(origin: string): Promise<boolean> {
  try {
    return (await fetch(`${origin}/health/ready`, { signal: AbortSignal.timeout(5_000) })).ok;
  } catch {
    return false;
  }
}

function forward(incoming: IncomingMessage, outgoing: ServerResponse, origins: string[], agent: Agent): void {
  const [origin, ...others] = origins;
  if (origin === undefined) {
    outgoing.writeHead(503, { "Retry-After": "1" }).end();
    return;
  }
  const { hostname, port } = new URL(origin);
  const { method, url: path, socket } = incoming;
  const hops = [incoming.headers["x-forwarded-for"], socket.remoteAddress].filter(Boolean).join(", ");
  const headers = { ...incoming.headers, "x-forwarded-for": hops, "x-forwarded-proto": "http" };
  const onward = request({ hostname, port, method, path, headers, agent }, (response) => {
    outgoing.writeHead(response.statusCode ?? 502, response.rawHeaders);
    response.pipe(outgoing);
    response.on("error", () => outgoing.destroy());
  });
  onward.on("error", (error: NodeJS.ErrnoException) => {
    if (outgoing.headersSent) outgoing.destroy();
    else if (error.code === "ECONNREFUSED" || method === "GET" || method === "HEAD")
      forward(incoming, outgoing, others, agent);
    else outgoing.writeHead(502).end();
  });
  outgoing.on("close", () => onward.destroy());
  onward.on("socket", (socket) => {
    if (socket.connecting) socket.once("connect", () => incoming.pipe(onward));
    else incoming.pipe(onward);
  });
}
