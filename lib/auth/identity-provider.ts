import type { OAuthConfig } from "next-auth/providers/oauth";
import { env } from "../env";

/** What an OpenID Connect provider says of a person (OpenID Connect Core 5.1). `iss` and `sub` have been checked. */
export interface IdentityClaims {
  iss: string;
  sub: string;
  name?: string;
  preferred_username?: string;
  email?: string;
}

export const identityProviderId = "oidc";

/** The OpenID Connect provider that the environment names, or null. Its redirect URI is `<origin>/api/auth/callback/oidc`. */
export function identityProvider(): OAuthConfig<IdentityClaims> | null {
  const { oidc } = env();
  if (!oidc) return null;
  return {
    id: identityProviderId,
    name: oidc.name,
    type: "oauth",
    wellKnown: `${oidc.issuer.replace(/\/$/, "")}/.well-known/openid-configuration`,
    clientId: oidc.clientId,
    clientSecret: oidc.clientSecret,
    authorization: { params: { scope: "openid profile email" } },
    idToken: true,
    checks: ["pkce", "state", "nonce"],
    profile: ({ sub, name }) => ({ id: sub, name }),
  };
}
