import type { AuthOptions } from "next-auth";
import { decode as openSealed, encode as seal } from "next-auth/jwt";
import Credentials from "next-auth/providers/credentials";
import { env } from "../env";
import { Refusal } from "../errors";
import { log } from "../log";
import { accountOfIdentity } from "../users/identities";
import { verifyAndExtend } from "../verification/verify";
import { type IdentityClaims, identityProvider } from "./identity-provider";
import { cookieName, isSecure } from "./origins";
import { returnPath } from "./return-path";
import { checkPassword, leaveSession, type Occasion, type SignedInUser, startSession } from "./sign-in";

/**
 * One request to next-auth. It turns every error into a redirect of its own; what was thrown is kept here, so that
 * an outage is answered as one and never looks like a wrong password or a finished sign-out.
 */
export interface Trip {
  occasion: Occasion;
  /** The session cookie that came with the request. */
  former: string | null;
  user: SignedInUser | null;
  thrown: unknown;
}

/**
 * next-auth, told to keep nothing itself. Its "JWT" is our session token: `encode` issues one at sign-in, `decode` looks it
 * up, the row in our table is the authority. The cookie lives as long as a session can at most.
 */
export function authOptions(trip: Trip): AuthOptions {
  const { authSecret, sessionHoursMax } = env();
  const provider = identityProvider();
  const keeping = keeper(trip);
  return {
    secret: authSecret,
    providers: [
      Credentials({
        credentials: {},
        authorize: keeping(async (typed: unknown) => {
          trip.user = await checkPassword(typed, trip.occasion);
          return { id: trip.user.id, name: trip.user.userName };
        }),
      }),
      ...(provider ? [provider] : []),
    ],
    pages: { signIn: "/sign-in", signOut: "/sign-in", error: "/sign-in" },
    session: { strategy: "jwt", maxAge: sessionHoursMax * 3600 },
    jwt: {
      // Sealed with a salt: next-auth's own short-lived cookies of a sign-in with an identity provider.
      encode: keeping(async (params) => (params.salt ? seal(params) : sessionValue(trip))),
      decode: keeping(async (params) => (params.salt ? openSealed(params) : presentedSession(params.token, trip))),
    },
    callbacks: {
      redirect: ({ url, baseUrl }) => baseUrl + returnPath(url.startsWith(baseUrl) ? url.slice(baseUrl.length) : url),
      signIn: keeping(async ({ account, profile }) => {
        if (account?.type !== "oauth") return trip.user !== null;
        return admitIdentity(profile as IdentityClaims, trip);
      }),
    },
    events: {
      signOut: keeping(async () => {
        if (trip.former) await leaveSession(trip.former, trip.occasion);
      }),
    },
    useSecureCookies: isSecure(),
    cookies: Object.fromEntries(cookieKeys.map(([key, name, life]) => [key, cookie(name, life)])),
    logger: { error: logFault, warn: () => undefined, debug: () => undefined },
  };
}

const signInMinutesMax = 15;

const cookieKeys = [
  ["sessionToken", "session", undefined],
  ["callbackUrl", "return", undefined],
  ["csrfToken", "csrf", undefined],
  ["pkceCodeVerifier", "pkce", signInMinutesMax * 60],
  ["state", "state", signInMinutesMax * 60],
  ["nonce", "nonce", signInMinutesMax * 60],
] as const;

const cookie = (name: string, maxAge: number | undefined) => ({
  name: cookieName(name),
  options: { httpOnly: true, sameSite: "lax" as const, path: "/", secure: isSecure(), ...(maxAge && { maxAge }) },
});

/** Lets what a step throws travel on through next-auth, and remembers it. */
function keeper(trip: Trip) {
  return <A extends unknown[], T>(step: (...args: A) => Promise<T>) =>
    async (...args: A): Promise<T> => {
      try {
        return await step(...args);
      } catch (error) {
        trip.thrown ??= error;
        throw error;
      }
    };
}

/** What the session cookie is to carry: a new session for whoever has just signed in, else the one that came. */
async function sessionValue(trip: Trip): Promise<string> {
  if (!trip.user) return trip.former ?? "";
  const value = await startSession(trip.user, trip.former, trip.occasion);
  return value.reveal();
}

async function presentedSession(value: string | undefined, { occasion }: Trip) {
  try {
    const who = await verifyAndExtend(value ?? "", occasion);
    return who.token.kind === "session" ? { sub: who.userId, name: who.userName } : null;
  } catch (error) {
    if (error instanceof Refusal && error.code === "unauthenticated") return null;
    throw error;
  }
}

async function admitIdentity({ iss, sub, preferred_username, email, name }: IdentityClaims, trip: Trip) {
  const preferredName = preferred_username ?? email?.split("@")[0] ?? "user";
  const identity = { identity: `${iss}|${sub}`, preferredName, fullName: name?.trim() || preferredName };
  const account = await accountOfIdentity(identity, trip.occasion);
  if (!account.enabled) return false;
  trip.user = { id: account.id, userName: account.userName, passwordHash: null };
  return true;
}

/** One line per fault, without the values that next-auth hands along. A session that is over is not a fault. */
function logFault(code: string, metadata: Error | { error?: unknown }): void {
  if (code === "JWT_SESSION_ERROR") return;
  const cause = metadata instanceof Error ? metadata : metadata.error;
  log.error({ code, reason: cause instanceof Error ? cause.message.slice(0, 300) : null }, "a sign-in failed");
}
