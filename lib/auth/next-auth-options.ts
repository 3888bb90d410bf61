import type { AuthOptions } from "next-auth";
import { decode as openSealed, encode as seal } from "next-auth/jwt";
import Credentials from "next-auth/providers/credentials";
import { env } from "../env";
import { Refusal } from "../errors";
import { Secret } from "../secret";
import { findOrCreateAccount } from "../users/identities";
import { verifyAndExtend } from "../verification/verify";
import { identityOf } from "./claims";
import { type Connection, completeConnection } from "./connection";
import { visitSecondsMax } from "./cookies";
import { failureOf, type ProviderMetadata, reasonOf } from "./discovery";
import { logFailure } from "./failure-log";
import { type IdentityClaims, identityProvider } from "./identity-provider";
import { cookieName, isSecure } from "./origins";
import { recordRefusedSignIn, strangerOf } from "./refused-sign-ins";
import { returnPath } from "./return-path";
import type { ConnectionOutcome } from "./schema";
import { checkPassword, endPresentedSession, type SignedInUser, type SignInContext, startSession } from "./sign-in";

/** next-auth turns errors into redirects, so `thrown` keeps the error and an outage is answered as one. */
export interface AuthFlow {
  context: SignInContext;
  previousSession: string | null;
  user: SignedInUser | null;
  startedSession: Secret | null;
  thrown: unknown;
  connection: Connection | null;
  /** What came of a visit to the provider, unless it was a sign-in. */
  outcome: ConnectionOutcome | null;
  idToken: Secret | null;
}

export const newFlow = (context: SignInContext, previousSession: string | null): AuthFlow => ({
  context,
  previousSession,
  user: null,
  startedSession: null,
  thrown: null,
  connection: null,
  outcome: null,
  idToken: null,
});

/** next-auth stores nothing: `encode` issues and `decode` verifies a session token, whose row is the authority. */
export function authOptions(flow: AuthFlow, metadata: ProviderMetadata | null): AuthOptions {
  const { authSecret, sessionHoursMax, oidc } = env();
  const onFault = (error: unknown) => {
    flow.outcome = failureOf(error);
  };
  const capture = captureErrors(flow);
  return {
    secret: authSecret,
    providers: [
      Credentials({
        credentials: {},
        authorize: capture(async (typed: unknown) => {
          flow.user = await checkPassword(typed, flow.context);
          return { id: flow.user.id, name: flow.user.userName };
        }),
      }),
      ...(oidc && metadata ? [identityProvider(oidc, metadata, onFault)] : []),
    ],
    pages: { signIn: "/sign-in", signOut: "/sign-in", error: "/sign-in" },
    session: { strategy: "jwt", maxAge: sessionHoursMax * 3600 },
    jwt: {
      // Only next-auth's own short-lived cookies, for a sign-in with an identity provider, come with a salt.
      encode: capture(async (params) => (params.salt ? seal(params) : sessionValue(flow))),
      decode: capture(async (params) => (params.salt ? openSealed(params) : presentedSession(params.token, flow))),
    },
    callbacks: {
      redirect: ({ url, baseUrl }) => baseUrl + returnPath(url.startsWith(baseUrl) ? url.slice(baseUrl.length) : url),
      signIn: capture(async ({ account, profile }) => {
        if (account?.type !== "oauth") return flow.user !== null;
        flow.idToken = account.id_token ? new Secret(account.id_token) : null;
        return admitIdentity(profile as IdentityClaims, flow);
      }),
    },
    events: {
      signOut: capture(async () => {
        if (flow.previousSession) await endPresentedSession(flow.previousSession, flow.context);
      }),
    },
    useSecureCookies: isSecure(),
    cookies: Object.fromEntries(cookieKeys.map(([key, name, life]) => [key, cookie(name, life)])),
    logger: { error: logFault, warn: () => undefined, debug: () => undefined },
  };
}

const cookieKeys = [
  ["sessionToken", "session", undefined],
  ["callbackUrl", "return", undefined],
  ["csrfToken", "csrf", undefined],
  ["pkceCodeVerifier", "pkce", visitSecondsMax],
  ["state", "state", visitSecondsMax],
  ["nonce", "nonce", visitSecondsMax],
] as const;

const cookie = (name: string, maxAge: number | undefined) => ({
  name: cookieName(name),
  options: { httpOnly: true, sameSite: "lax" as const, path: "/", secure: isSecure(), ...(maxAge && { maxAge }) },
});

function captureErrors(flow: AuthFlow) {
  return <A extends unknown[], T>(step: (...args: A) => Promise<T>) =>
    async (...args: A): Promise<T> => {
      try {
        return await step(...args);
      } catch (error) {
        flow.thrown ??= error;
        throw error;
      }
    };
}

async function sessionValue(flow: AuthFlow): Promise<string> {
  if (!flow.user) return flow.previousSession ?? "";
  flow.startedSession = await startSession(flow.user, flow.previousSession, flow.context);
  return flow.startedSession.reveal();
}

async function presentedSession(value: string | undefined, { context }: AuthFlow) {
  try {
    const who = await verifyAndExtend(value ?? "", context);
    return who.token.kind === "session" ? { sub: who.userId, name: who.userName } : null;
  } catch (error) {
    if (error instanceof Refusal && error.code === "unauthenticated") return null;
    throw error;
  }
}

async function admitIdentity(claims: IdentityClaims, flow: AuthFlow): Promise<boolean> {
  const provided = identityOf(claims);
  if (flow.connection) {
    const { connection, previousSession, context } = flow;
    flow.outcome = await completeConnection(connection, previousSession, provided.identity, context);
    return false;
  }
  const account = await findOrCreateAccount(provided, flow.context);
  if (!account.enabled) {
    flow.outcome = "disabled";
    await recordRefusedSignIn(account, "disabled", strangerOf(flow.context));
    return false;
  }
  flow.user = { id: account.id, userName: account.userName, passwordHash: null, identity: provided.identity };
  return true;
}

/** Logs one line per failure, without the values that next-auth passes. A session that has ended is no failure. */
function logFault(code: string, metadata: Error | { error?: unknown }): void {
  if (code === "JWT_SESSION_ERROR") return;
  const cause = metadata instanceof Error ? metadata : metadata.error;
  logFailure(publicReason(cause), code);
}

/** The reason without the values that messages of openid-client and of a JSON parser end with. */
const publicReason = (cause: unknown): string =>
  reasonOf(cause).replace(/(, expected |, got: | is not valid JSON|Unexpected token).*$/s, "") || "no valid JSON";
