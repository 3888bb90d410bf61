import { Agent, request } from "node:http";

/** The answer of a server; status 0 when the connection broke before it came. */
export interface ClientAnswer {
  status: number;
  text: string;
}

interface ClientRequest {
  authorization?: string;
  json?: unknown;
  form?: Record<string, string>;
}

/** Sends requests to the REST interface. */
export interface RestClient {
  send(method: string, path: string, request?: ClientRequest): Promise<ClientAnswer>;
}

/** An HTTP client that keeps its connections open. */
export class Client implements RestClient {
  readonly #origin: URL;
  readonly #agent: Agent;

  /** @param connections the maximum at the same time; further requests wait. */
  constructor(origin: string, connections = 200) {
    this.#origin = new URL(origin);
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  send(method: string, path: string, { authorization, json, form }: ClientRequest = {}): Promise<ClientAnswer> {
    const body = json === undefined ? form && new URLSearchParams(form).toString() : JSON.stringify(json);
    const headers = {
      // A request from this machine without a proxy's header may read the metrics without a token.
      Via: "1.1 tests",
      ...(authorization && { Authorization: authorization }),
      ...(body !== undefined && {
        "Content-Type": json === undefined ? "application/x-www-form-urlencoded" : "application/json",
        "Content-Length": Buffer.byteLength(body),
      }),
    };
    const { hostname, port } = this.#origin;
    return new Promise((resolve) => {
      let text = "";
      const broken = () => resolve({ status: 0, text: "the connection broke" });
      const outgoing = request({ hostname, port, method, path, headers, agent: this.#agent }, (response) => {
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
        response.on("error", broken);
      });
      outgoing.on("error", broken);
      outgoing.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
