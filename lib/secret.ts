const mask = "[secret]";

/** A value that only `reveal()` returns. Any other conversion to text (string, JSON, inspection, a React prop) gives a mask. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value in plain text. Check at each call where it goes. */
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
