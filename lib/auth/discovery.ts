import { z } from "zod";
import { perProcess } from "../per-process";
import type { ProviderFailure } from "./schema";

const httpUrl = z.url({ protocol: /^https?$/ });

/** What a provider publishes about itself, as far as it is used here (OpenID Connect Discovery 1.0 section 3). */
const providerMetadata = z.object({
  issuer: z.string(),
  authorization_endpoint: httpUrl,
  token_endpoint: httpUrl,
  jwks_uri: httpUrl,
  userinfo_endpoint: httpUrl.optional(),
  end_session_endpoint: httpUrl.optional().catch(undefined),
  token_endpoint_auth_methods_supported: z.array(z.string()).default(["client_secret_basic"]),
  authorization_response_iss_parameter_supported: z.boolean().default(false),
});
export type ProviderMetadata = z.output<typeof providerMetadata>;

/** A fault of the identity provider. The message is for the log; people read a sentence chosen by `failure`. */
export class ProviderFault extends Error {
  override name = "ProviderFault";

  constructor(
    readonly failure: ProviderFailure,
    message: string,
  ) {
    super(message);
  }
}

const timeoutMs = 5_000;

const inFlight = perProcess("discoveries", () => new Map<string, Promise<ProviderMetadata>>());

/** Asks the provider for its metadata, each time, so that an outage is noticed. Concurrent calls share one request, so
 * that a flood of sign-ins is none for the provider. Throws a {@link ProviderFault}. */
export function discoverProvider(issuer: string): Promise<ProviderMetadata> {
  const discoveries = inFlight();
  const discovery = discoveries.get(issuer) ?? discover(issuer).finally(() => discoveries.delete(issuer));
  discoveries.set(issuer, discovery);
  return discovery;
}

async function discover(issuer: string): Promise<ProviderMetadata> {
  const found = providerMetadata.safeParse(await readMetadata(issuer));
  if (!found.success) {
    const wrong = found.error.issues.map(({ path }) => path.join(".")).join(", ");
    throw new ProviderFault("misconfigured", `The provider's metadata is missing or wrong: ${wrong || "no JSON"}.`);
  }
  if (found.data.issuer !== issuer) {
    const calls = JSON.stringify(found.data.issuer.slice(0, 200));
    throw new ProviderFault(
      "misconfigured",
      `The provider calls itself ${calls}, but TESSERA_OIDC_ISSUER is ${issuer}.`,
    );
  }
  return found.data;
}

async function readMetadata(issuer: string): Promise<unknown> {
  const url = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const asked = { cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(timeoutMs) } as const;
  const { status, text } = await fetch(url, { ...asked, headers: { accept: "application/json" } })
    .then(async (response) => ({ status: response.status, text: await response.text() }))
    .catch((error: unknown) => {
      throw new ProviderFault("unreachable", `The provider did not answer at ${url}: ${reasonOf(error)}.`);
    });
  if (status === 200) return parsed(text);
  const failure = status >= 500 || status === 429 ? "unreachable" : "misconfigured";
  throw new ProviderFault(failure, `The provider answered ${status} at ${url}.`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** What a person is told about a fault at the provider. */
export function failureOf(error: unknown): ProviderFailure {
  if (error instanceof ProviderFault) return error.failure;
  if (!(error instanceof Error)) return "refused";
  const { code, response, error: answered } = error as Error & ClientErrorFields;
  const status = response?.statusCode ?? 0;
  const isNetwork = typeof code === "string" && /^E(?!RR_)[A-Z_]+$/.test(code);
  if (status >= 500 || status === 429 || isNetwork || /timed out/.test(error.message)) return "unreachable";
  return answered === undefined ? "refused" : failureOfCode(answered);
}

interface ClientErrorFields {
  code?: unknown;
  response?: { statusCode?: number };
  error?: string;
}

/** The same for an error code of OAuth 2.0 (RFC 6749 sections 4.1.2.1 and 5.2). */
export function failureOfCode(code: string): ProviderFailure {
  if (code === "access_denied") return "cancelled";
  if (code === "server_error" || code === "temporarily_unavailable") return "unreachable";
  return misconfigurations.has(code) ? "misconfigured" : "refused";
}

const misconfigurations = new Set([
  "invalid_client",
  "invalid_request",
  "invalid_scope",
  "unauthorized_client",
  "unsupported_response_type",
]);

/** The code or message of the innermost cause, in at most 200 characters. An AggregateError has an empty message. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  if (error.cause instanceof Error) return reasonOf(error.cause);
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return (code || error.message || error.name).slice(0, 200);
}
