import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Configuration, Provider } from "oidc-provider";

/** A running OpenID Connect provider: `oidc-provider` as it comes, with its pages for signing in as anybody. */
export interface IdentityProvider {
  issuer: string;
  /** The settings of a server that uses it. */
  settings: Record<string, string>;
  /** The claims of people by the name that they type at the provider, which is their `sub`. */
  people: Map<string, Record<string, unknown>>;
  /** Members that its answers have in place of the right ones, by path: `/me` is UserInfo. */
  wrong: Map<string, Record<string, unknown>>;
  /** Paths that answer 503. */
  failing: Set<string>;
  /** Closes its port, so that connections are refused. */
  goDown(): Promise<void>;
  /** Listens on the same port again. */
  comeBack(): Promise<void>;
}

const clientId = "tessera";
const clientSecret = "only-for-tests-0123456789-abcdefghijklmnop";

/** Starts a provider for a server with this origin. It puts claims into UserInfo only (OpenID Connect Core 5.4). */
export async function startIdentityProvider(origin: string, name = "Acme ID"): Promise<IdentityProvider> {
  const server = createServer((request, response) => handle(request, response));
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}`;
  const people: IdentityProvider["people"] = new Map();
  const wrong: IdentityProvider["wrong"] = new Map();
  const failing: IdentityProvider["failing"] = new Set();
  const provider = new Provider(issuer, configurationFor(origin, people));
  provider.use(async (context, next) => {
    if (failing.has(context.path)) {
      context.status = 503;
      return;
    }
    await next();
    const members = wrong.get(context.path);
    if (members) context.body = { ...(context.body as object), ...members };
  });
  const handle = provider.callback();
  return {
    issuer,
    settings: {
      TESSERA_OIDC_ISSUER: issuer,
      TESSERA_OIDC_CLIENT_ID: clientId,
      TESSERA_OIDC_CLIENT_SECRET: clientSecret,
      TESSERA_OIDC_NAME: name,
    },
    people,
    wrong,
    failing,
    goDown: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    comeBack: () => listen(port),
  };
}

const configurationFor = (origin: string, people: IdentityProvider["people"]): Configuration => ({
  clients: [
    {
      client_id: clientId,
      client_secret: clientSecret,
      redirect_uris: [`${origin}/api/auth/callback/oidc`],
      post_logout_redirect_uris: [`${origin}/sign-in`],
    },
  ],
  claims: {
    profile: ["name", "given_name", "family_name", "nickname", "preferred_username"],
    email: ["email", "email_verified"],
  },
  findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ ...people.get(sub), sub }) }),
});
