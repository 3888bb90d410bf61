import { type Cookies, parseSetCookie, stringifyCookie } from "cookie";
import { CannotStart } from "@/lib/server/steps";

const requests = new WeakMap<Response, string>();

/** An HTTP client of the server: with cookies, as a browser has them, or with a token, as a program sends it. */
export class DemoClient {
  readonly #origin: string;
  readonly #token: string | undefined;
  readonly #cookies: Cookies = {};

  /** @param token the value of an API token; without it, the client can sign in. */
  constructor(origin: string, token?: string) {
    this.#origin = origin;
    this.#token = token;
  }

  /** The method and path of the request that a response answers. */
  static requestOf(answer: Response): string {
    return requests.get(answer) ?? "";
  }

  get(path: string): Promise<Response> {
    return this.#send("GET", path);
  }

  post(path: string, body: object): Promise<Response> {
    return this.#send("POST", path, body);
  }

  patch(path: string, body: object): Promise<Response> {
    return this.#send("PATCH", path, body);
  }

  delete(path: string): Promise<Response> {
    return this.#send("DELETE", path);
  }

  /** @throws CannotStart when the server rejects the password. */
  async signIn(userName: string, password: string): Promise<void> {
    const answer = await this.post("/api/auth/callback/credentials", {
      csrfToken: await this.#csrfToken(),
      username: userName,
      password,
    });
    if (!answer.ok) throw new CannotStart(`Signing in as ${userName} failed: ${(await answer.json()).detail}`);
  }

  async signOut(): Promise<void> {
    const answer = await this.post("/api/auth/signout", { csrfToken: await this.#csrfToken() });
    if (!answer.ok) throw new CannotStart(`Signing out failed: ${(await answer.json()).detail}`);
  }

  async #csrfToken(): Promise<string> {
    return (await (await this.get("/api/auth/csrf")).json()).csrfToken;
  }

  async #send(method: string, path: string, body?: object): Promise<Response> {
    const headers = new Headers({ Accept: "application/json", Origin: this.#origin });
    if (body) headers.set("Content-Type", "application/json");
    if (this.#token) headers.set("Authorization", `Bearer ${this.#token}`);
    else headers.set("Cookie", stringifyCookie(this.#cookies));
    const answer = await fetch(this.#origin + path, {
      method,
      headers,
      body: body && JSON.stringify(body),
      redirect: "manual",
      signal: AbortSignal.timeout(30_000),
    });
    requests.set(answer, `${method} ${path}`);
    for (const line of answer.headers.getSetCookie()) {
      const { name, value } = parseSetCookie(line);
      this.#cookies[name] = value || undefined;
    }
    return answer;
  }
}
