import type { Refusal } from "../errors";

/** A body that is not what the operation takes. Its handler decides whether the request is refused. */
export class ForeignBody {
  readonly #readText: () => string;

  constructor(
    readonly refusal: Refusal,
    readText: () => string,
  ) {
    this.#readText = readText;
  }

  /** @throws Refusal `unsupported-media` or `invalid` for a body that is no text in UTF-8. */
  text(): string {
    return this.#readText();
  }
}
