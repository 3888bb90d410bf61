/** A response object as next-auth expects it, which becomes a `Response`. */
export class Answer {
  #status = 200;
  #headers = new Headers();
  #body: string | null = null;
  #cookies: string[] = [];
  location: string | null = null;

  status(code: number): this {
    this.#status = code;
    return this;
  }

  getHeader(name: string): string | string[] | undefined {
    return name.toLowerCase() === "set-cookie" ? this.#cookies : (this.#headers.get(name) ?? undefined);
  }

  setHeader(name: string, value: string | string[]): this {
    if (name.toLowerCase() === "set-cookie") this.#cookies = [value].flat();
    else this.#headers.set(name, [value].flat().join(", "));
    if (name.toLowerCase() === "location") this.location = this.#headers.get(name);
    return this;
  }

  json(body: { url?: string }): void {
    this.location = body.url ?? null;
    this.#headers.set("Content-Type", "application/json");
    this.#body = JSON.stringify(body);
  }

  send(body: unknown): void {
    if (typeof body === "object" && body !== null) this.json(body);
    else this.#body = body === undefined ? null : String(body);
  }

  end(): void {}

  addCookie(line: string): void {
    this.#cookies.push(line);
  }

  /** Leads the browser to a path of this server, in place of what was answered. The cookies stay. */
  redirect(path: string): void {
    this.#status = 302;
    this.#body = null;
    this.#headers = new Headers({ Location: path });
    this.location = path;
  }

  response(correct: (lines: readonly string[]) => string[]): Response {
    const response = new Response(this.#body, { status: this.#status, headers: this.#headers });
    for (const cookie of correct(this.#cookies)) response.headers.append("Set-Cookie", cookie);
    return response;
  }
}
