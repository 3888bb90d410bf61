import type { OAuthConfig } from "next-auth/providers/oauth";
import { env } from "../env";

/** The claims of an OpenID Connect provider (OpenID Connect Core 5.1). `iss` and `sub` have been validated. */
export interface IdentityClaims {
  iss: string;
  sub: string;
  name?: string;
  preferred_username?: string;
  email?: string;
}

export const identityProviderId = "oidc";

/** The configured OpenID Connect provider, or null. Its redirect URI is `<origin>/api/auth/callback/oidc`. */
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
