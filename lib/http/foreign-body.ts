import type { Refusal } from "../errors";

/** A body that is not what the operation takes. Its handler decides whether the request is refused. */
export class ForeignBody {
  constructor(
    readonly refusal: Refusal,
    /** Refuses `unsupported-media` or `invalid` for a body that is no text in UTF-8. */
    readonly text: () => string,
  ) {}
}
