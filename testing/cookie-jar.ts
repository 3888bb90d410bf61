import { parseSetCookie, stringifyCookie } from "cookie";

/** Keeps the cookies that a server sets, as a browser does for one origin. */
export class CookieJar {
  readonly #values: Record<string, string> = {};

  /** Takes over what the answer sets and removes. */
  keep(answer: Response): void {
    for (const line of answer.headers.getSetCookie()) {
      const { name, value, maxAge } = parseSetCookie(line);
      if (value && maxAge !== 0) this.#values[name] = value;
      else delete this.#values[name];
    }
  }

  get(name: string): string | undefined {
    return this.#values[name];
  }

  set(name: string, value: string): void {
    this.#values[name] = value;
  }

  /** What to send as the header `Cookie`; empty when there are none. */
  header(): string {
    return stringifyCookie(this.#values);
  }
}
