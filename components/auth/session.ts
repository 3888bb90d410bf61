import { ApiProblem } from "../forms/api";

/**
 * Signs in with a password. Whoever was signed in with this browser no longer is.
 *
 * @throws ApiProblem: 401 when they do not fit, 429 with `extra.retryAfter` (seconds) after repeated failures.
 */
export async function signIn(userName: string, password: string): Promise<void> {
  await takeStep("callback/credentials", { username: userName, password });
}

/** Ends the session of this browser. @throws ApiProblem. */
export async function signOut(): Promise<void> {
  await takeStep("signout", {});
}

/** Where the browser must go to sign in with the identity provider, and come back to `returnTo` afterwards. @throws ApiProblem. */
export async function providerUrl(returnTo: string): Promise<string> {
  return (await takeStep("signin/oidc", { callbackUrl: returnTo })).url;
}

async function takeStep(step: string, body: Record<string, string>): Promise<{ url: string }> {
  try {
    const { csrfToken } = await (await fetch("/api/auth/csrf", { cache: "no-store" })).json();
    const response = await fetch(`/api/auth/${step}`, {
      method: "POST",
      body: new URLSearchParams({ ...body, csrfToken }),
      cache: "no-store",
    });
    const answer = await response.json();
    if (response.ok) return answer;
    const { detail, field, ...extra } = answer;
    throw new ApiProblem(response.status, detail, field, extra);
  } catch (error) {
    if (error instanceof ApiProblem) throw error;
    throw new ApiProblem(0, "Can't reach the server. Check your connection and try again.");
  }
}
