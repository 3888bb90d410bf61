import { Agent, request } from "node:http";
import { isSessionValue } from "@/lib/tokens/value";

/** The answer of a server; status 0 when the connection broke before it came. */
export interface ClientAnswer {
  status: number;
  text: string;
}

/** The credential of a request: the header of a token, or the value of a session, which only a cookie carries. */
export interface Credentials {
  authorization?: string;
  session?: string;
}

/** Presents the value of a token or of a session. */
export const credentialsOf = (value: string): Credentials =>
  isSessionValue(value) ? { session: value } : { authorization: `Bearer ${value}` };

/** The headers of a credential. A session comes as from a page of the server. */
export const headersOf = ({ authorization, session }: Credentials): Record<string, string> => ({
  ...(authorization && { authorization }),
  ...(session && { cookie: `tessera-session=${session}`, "sec-fetch-site": "same-origin" }),
});

interface ClientRequest extends Credentials {
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

  send(method: string, path: string, { json, form, ...credentials }: ClientRequest = {}): Promise<ClientAnswer> {
    const body = json === undefined ? form && new URLSearchParams(form).toString() : JSON.stringify(json);
    const headers = {
      // A request from this machine without a proxy's header may read the metrics without a token.
      Via: "1.1 tests",
      ...headersOf(credentials),
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
