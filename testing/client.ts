import { Agent, request } from "node:http";

/** What a server said; status 0 when the connection broke before it did. */
export interface ClientAnswer {
  status: number;
  text: string;
}

interface ClientRequest {
  authorization?: string;
  json?: unknown;
  form?: Record<string, string>;
}

/** A program that asks a server, over connections that it keeps. */
export class Client {
  readonly #origin: URL;
  readonly #agent: Agent;

  /** @param connections at most so many at the same time; more questions wait. */
  constructor(origin: string, connections = 200) {
    this.#origin = new URL(origin);
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  ask(method: string, path: string, { authorization, json, form }: ClientRequest = {}): Promise<ClientAnswer> {
    const body = json === undefined ? form && new URLSearchParams(form).toString() : JSON.stringify(json);
    const headers = {
      // Not a program of the same machine, which is believed more.
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
