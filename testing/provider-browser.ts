import { GET, POST } from "@/app/api/auth/[...nextauth]/route";
import { CookieJar } from "./cookie-jar";
import type { IdentityProvider } from "./identity-provider";

/** The origin of the server, whose routes are called without HTTP. */
export const origin = "http://localhost:3000";

/** A minimal browser, which keeps the cookies of this server and of the provider apart. */
export function openBrowser() {
  const cookies = new CookieJar();
  const step = async (method: "GET" | "POST", path: string, body?: Record<string, string>) => {
    const headers = { host: "localhost:3000", origin, cookie: cookies.header() };
    const form = body && new URLSearchParams(body);
    const request = new Request(`${origin}/api/auth/${path}`, { method, headers, body: form });
    const context = { params: Promise.resolve({ nextauth: path.split("?")[0]?.split("/") }) };
    const response = await (method === "GET" ? GET : POST)(request, context);
    cookies.keep(response);
    return response;
  };
  const post = async (path: string, body: Record<string, string>) => {
    const { csrfToken } = await (await step("GET", "csrf")).json();
    return step("POST", path, { ...body, csrfToken });
  };
  return {
    cookies,
    post,
    postAsIs: (path: string, body: Record<string, string>) => step("POST", path, body),
    /** Opens a URL of this server, and answers where it leads. */
    open: async (url: string) => {
      const response = await step("GET", url.slice(`${origin}/api/auth/`.length));
      const location = new URL(response.headers.get("location") ?? "", origin);
      return { response, location, session: cookies.get("tessera-session") };
    },
    urlOfProvider: async (body: Record<string, string> = {}): Promise<string> =>
      (await (await post("signin/oidc", body)).json()).url,
  };
}

/** Signs in at the provider as `login` and consents. Answers the URL to which the provider sends the browser back. */
export async function authenticate(url: string, login: string): Promise<string> {
  const cookies = new CookieJar();
  let next = url;
  let form: Record<string, string> | undefined;
  for (let steps = 0; steps < 12 && !next.startsWith(origin); steps++) {
    const response: Response = await fetch(next, {
      method: form ? "POST" : "GET",
      body: form && new URLSearchParams(form),
      headers: { cookie: cookies.header() },
      redirect: "manual",
    });
    cookies.keep(response);
    const page = await response.text();
    const location = response.headers.get("location");
    form = location ? undefined : page.includes('value="login"') ? { prompt: "login", login } : { prompt: "consent" };
    if (location) next = new URL(location, next).href;
    if (!location && !page.includes("<form")) throw new Error(`The provider answered ${response.status}: ${page}`);
  }
  return next;
}

/** Goes the whole way: from the button to the provider and back. */
export async function continueWithProvider(
  provider: IdentityProvider,
  login: string,
  claims: Record<string, unknown> = {},
  returnTo = "/",
) {
  provider.people.set(login, claims);
  const browser = openBrowser();
  const url = await browser.urlOfProvider({ callbackUrl: returnTo });
  return { ...(await browser.open(await authenticate(url, login))), url, browser };
}
