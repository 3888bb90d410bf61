import { clientCredentialOf, fromAuthorization, mayCarry } from "../auth/credentials";
import { unauthenticated } from "../errors";
import { demandAllowed, mayHaveSecretInForm } from "../http/endpoint";
import { parseForm } from "../http/request-body";
import { readQuery } from "../http/request-input";
import type { TokenDetails } from "../verification/details";
import type { KnownToken } from "../verification/memory";
import { expiryOf, type Presentation, Verification } from "../verification/verify";
import { mayComeByCookie } from "./direct-routes";
import { type Exchange, ExchangeVerification } from "./exchange";
import { queryPairs } from "./query-pairs";
import { introspectionOf } from "./verification-answers";
import { type IntrospectionForm, introspect, isNoToken } from "./verification-routes";
import { takeableLength, takeBody } from "./whole-body";

/** Introspects directly from the socket to the answer. The usual way answers a session cookie (false), and what is slow to
 * arrive. */
export function introspectDirectly(exchange: Exchange): boolean {
  const { headers, incoming, surroundings } = exchange;
  const bearer = fromAuthorization(headers.get("authorization"));
  const length = takeableLength(headers);
  if (length === null || mayComeByCookie(headers)) return false;
  takeBody(incoming, length, (bytes) => {
    if (bytes === null) surroundings.answerUsually();
    else begin(exchange, bearer, bytes);
  });
  return true;
}

interface Credential {
  secret: string;
  asChallenged(error: unknown): unknown;
}

/** Judges like the door: who asks before what they ask, unless the credential is in the form. */
function begin(exchange: Exchange, bearer: string | null, bytes: Buffer) {
  const isInForm = mayHaveSecretInForm(introspect.operation, exchange.headers);
  const form = readForm(exchange, bytes);
  if (isInForm && form instanceof Fault) return exchange.refuse(form.error);
  const inForm = isInForm && !(form instanceof Fault) ? (form.client_secret ?? null) : null;
  const credential =
    bearer === null ? clientCredentialOf(exchange.headers, inForm) : { secret: bearer, asChallenged: unchanged };
  if (credential === null) return exchange.refuse(unauthenticated("missing"));
  const introspection = new Introspection(exchange, credential);
  if (mayCarry("header", credential.secret)) introspection.beginWithForm(form);
  else introspection.refused(unauthenticated("invalid"));
}

const unchanged = (error: unknown) => error;

class Fault {
  constructor(readonly error: unknown) {}
}

function readForm({ asked, headers }: Exchange, bytes: Buffer): IntrospectionForm | Fault {
  try {
    readQuery(introspect.operation, queryPairs(asked.query));
    return parseForm(introspect.operation, headers, bytes) as IntrospectionForm;
  } catch (error) {
    return new Fault(error);
  }
}

/** Verifies the caller's token, and the presented one at the same moment, so that both share one confirmation. */
class Introspection extends ExchangeVerification {
  #caller: { token: KnownToken; now: Date } | undefined;
  #formFault: Fault | undefined;
  #isRefused = false;
  readonly #presented = new PresentedVerification(this.presentation, () => this.#answerWhenDone());

  constructor(
    exchange: Exchange,
    readonly credential: Credential,
  ) {
    super(exchange);
  }

  beginWithForm(form: IntrospectionForm | Fault): void {
    if (form instanceof Fault) this.#formFault = form;
    this.begin(this.credential.secret);
    if (!this.#isRefused && !(form instanceof Fault)) this.#presented.beginUncounted(form.token);
  }

  override refused(error: unknown): void {
    this.#isRefused = true;
    super.refused(this.credential.asChallenged(error));
  }

  protected override accepted(token: KnownToken, now: Date): void {
    this.#caller = { token, now };
    this.#answerWhenDone();
  }

  #answerWhenDone(): void {
    const [caller, presented] = [this.#caller, this.#formFault ?? this.#presented.outcome];
    if (caller === undefined || presented === undefined) return;
    try {
      demandAllowed(introspect.operation, this.actorOf(caller.token, caller.now));
      this.exchange.answerJson(introspectionOf(this.#found(presented)));
    } catch (error) {
      this.exchange.refuse(error);
    }
  }

  #found(presented: Presented | Fault) {
    if (presented instanceof Fault) {
      if (presented !== this.#formFault && isNoToken(presented.error)) return null;
      throw presented.error;
    }
    const { token, now, details } = presented;
    // Only now it is a use: what a refused caller presents is not judged.
    this.#presented.noteUse(token, now);
    return { who: this.#presented.actorOf(token, now), expiresAt: expiryOf(token, details) };
  }
}

interface Presented {
  token: KnownToken;
  now: Date;
  details: TokenDetails | null;
}

class PresentedVerification extends Verification {
  outcome: Presented | Fault | undefined;

  constructor(
    presentation: Presentation,
    readonly done: () => void,
  ) {
    super(presentation, true);
  }

  protected override accepted(token: KnownToken, now: Date, details: TokenDetails | null): void {
    this.outcome = { token, now, details };
    this.done();
  }

  protected override refused(error: unknown): void {
    this.outcome = new Fault(error);
    this.done();
  }
}
