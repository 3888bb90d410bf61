const mask = "[secret]";

/**
 * A value that is revealed once, on purpose, by `reveal()`. However else it is turned into text (string, JSON, inspection,
 * a React prop), only a mask comes out.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself. Each call is a decision; look at where it goes. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return mask;
  }

  toJSON(): string {
    return mask;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return mask;
  }
}
