import { ApiProblem } from "../forms/api";

/**
 * Signs in with a password. This ends the session that the browser had before.
 *
 * @param stay whether the browser stays signed in after it was closed.
 * @throws ApiProblem: 401 for a wrong user name or password, 429 with `extra.retryAfter` (seconds) after repeated failures.
 */
export async function signIn(userName: string, password: string, stay = false): Promise<void> {
  await postStep("callback/credentials", { username: userName, password, stay: String(stay) });
}

/** Ends the session of this browser. Returns where to go then: the sign-in page, or first the identity provider. @throws ApiProblem. */
export async function signOut(): Promise<string> {
  return (await postStep("signout", {})).url;
}

/** Returns the URL for signing in with the identity provider, which leads to `returnTo` afterwards. @throws ApiProblem. */
export async function providerUrl(returnTo: string, stay: boolean): Promise<string> {
  return (await postStep("signin/oidc", { callbackUrl: returnTo, stay: String(stay) })).url;
}

/** Returns the URL for connecting the user's own account with a person at the identity provider. @throws ApiProblem. */
export async function connectionUrl(password: string): Promise<string> {
  return (await postStep("signin/oidc", { connect: "true", password })).url;
}

async function postStep(step: string, body: Record<string, string>): Promise<{ url: string }> {
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
