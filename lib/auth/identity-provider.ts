import type { OAuthConfig } from "next-auth/providers/oauth";
import { type Env, env } from "../env";
import type { ProviderMetadata } from "./discovery";

/** Claims of a person from the ID token and UserInfo. `iss` and `sub` have been checked; others may be anything. */
export interface IdentityClaims extends Record<string, unknown> {
  iss: string;
  sub: string;
}

export const identityProviderId = "oidc";

/** The name of the configured OpenID Connect provider, or null. */
export const identityProviderName = (): string | null => env().oidc?.name ?? null;

type Provider = OAuthConfig<IdentityClaims>;
type TokenRequest = Extract<NonNullable<Provider["token"]>, object>["request"];
type UserInfoRequest = Extract<NonNullable<Provider["userinfo"]>, object>["request"];

/** The provider for next-auth. Its redirect URI is `<origin>/api/auth/callback/oidc`. `onFault` gets its faults. */
export function identityProvider(
  { name, clientId, clientSecret }: NonNullable<Env["oidc"]>,
  metadata: ProviderMetadata,
  onFault: (error: unknown) => void,
): Provider {
  const withFault = reportFaults(onFault);
  return {
    id: identityProviderId,
    name,
    type: "oauth",
    issuer: metadata.issuer,
    jwks_endpoint: metadata.jwks_uri,
    authorization: { url: metadata.authorization_endpoint, params: { scope: "openid profile email" } },
    token: { url: metadata.token_endpoint, request: withFault(requestTokens(metadata)) },
    userinfo: { url: metadata.userinfo_endpoint, request: withFault(readClaims(metadata)) },
    client: { token_endpoint_auth_method: clientAuthentication(metadata) },
    clientId,
    clientSecret,
    idToken: true,
    checks: ["pkce", "state", "nonce"],
    profile: ({ sub }) => ({ id: sub }),
  };
}

const clientAuthentication = ({ token_endpoint_auth_methods_supported: methods }: ProviderMetadata) =>
  !methods.includes("client_secret_basic") && methods.includes("client_secret_post")
    ? "client_secret_post"
    : "client_secret_basic";

const requestTokens =
  (metadata: ProviderMetadata): NonNullable<TokenRequest> =>
  async ({ client, provider, params, checks }) => {
    // next-auth's client does not know this member of the metadata (RFC 9207 section 2.4).
    if (metadata.authorization_response_iss_parameter_supported && params.iss === undefined) {
      throw new Error("iss missing from the response");
    }
    return { tokens: await client.callback(provider.callbackUrl, params, checks) };
  };

/** Providers need not put claims into the ID token when there is an access token (OpenID Connect Core 5.4). The client
 * refuses a UserInfo whose `sub` differs from that of the ID token (5.3.2). */
const readClaims =
  ({ userinfo_endpoint }: ProviderMetadata): NonNullable<UserInfoRequest> =>
  async ({ client, tokens }) => {
    const claims = (tokens as Awaited<ReturnType<typeof client.callback>>).claims();
    if (!isSubject(claims.sub)) throw new Error("sub of the ID token is no text of 1 to 255 printable characters");
    const info = userinfo_endpoint ? await client.userinfo(tokens as never) : {};
    return { ...claims, ...info, iss: claims.iss, sub: claims.sub };
  };

/** OpenID Connect Core 2: a case-sensitive text of at most 255 ASCII characters. */
const isSubject = (sub: unknown) => typeof sub === "string" && /^[\x20-\x7e]{1,255}$/.test(sub);

function reportFaults(onFault: (error: unknown) => void) {
  return <A extends unknown[], T>(step: (...args: A) => T | PromiseLike<T>) =>
    async (...args: A): Promise<T> => {
      try {
        return await step(...args);
      } catch (error) {
        onFault(error);
        throw error;
      }
    };
}
