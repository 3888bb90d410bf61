import type { Cookies } from "cookie";
import { env } from "../env";
import { Refusal } from "../errors";
import { isOutage } from "../outage";
import { Answer } from "./answer";
import { connectionOf, demandConnector, sealConnection } from "./connection";
import { removedCookie } from "./cookies";
import { discoverProvider, failureOfCode, ProviderFault, type ProviderMetadata, reasonOf } from "./discovery";
import { logFailure } from "./failure-log";
import type { AuthFlow } from "./next-auth-options";
import { cookieName } from "./origins";
import { keepIdToken } from "./provider-session";
import { returnPathOf } from "./return-path";
import type { ConnectionOutcome } from "./schema";
import { openCookie } from "./sealed-cookie";

export interface ProviderVisit {
  flow: AuthFlow;
  query: Record<string, string>;
  body: Record<string, string>;
  cookies: Cookies;
  proceed(metadata: ProviderMetadata): Promise<Answer>;
}

/** Answers the URL of the provider, for a sign-in or, with `connect` and `password`, to connect the account. Refuses
 * `unavailable` when the provider cannot be used, and what {@link demandConnector} refuses. */
export async function leaveForProvider({ flow, body, proceed }: ProviderVisit): Promise<Answer> {
  const connector = body.connect ? await demandConnector(flow.previousSession, body.password, flow.context) : null;
  const metadata = await discover(flow);
  if (!metadata) throw new Refusal("unavailable", sentenceOf(flow.outcome), { headers: { "Retry-After": "30" } });
  const answer = await proceed(metadata);
  const state = URL.canParse(answer.location ?? "") && new URL(answer.location ?? "").searchParams.get("state");
  const cookie = connector && state ? await sealConnection(connector, state) : null;
  if (cookie) answer.addCookie(cookie);
  return answer;
}

const sentenceOf = (outcome: ConnectionOutcome | null) =>
  outcome === "unreachable"
    ? `${env().oidc?.name} can't be reached at the moment. Try again later.`
    : `Sign-in with ${env().oidc?.name} isn't set up correctly. Contact an administrator.`;

/** Ends a visit to the provider. The browser opens the answer as a page, so each failure leads to a page, too. */
export async function returnFromProvider(visit: ProviderVisit): Promise<Answer> {
  const { flow, query, cookies } = visit;
  flow.connection = await connectionOf(cookies, query.state);
  const answer = await answerReturn(visit);
  if (flow.startedSession && flow.idToken) answer.addCookie(await keepIdToken(flow.idToken, flow.startedSession));
  if (!flow.startedSession || answer.location === null)
    answer.redirect(pathAfter(flow.connection !== null, flow.outcome ?? "refused", cookies));
  if (flow.connection) answer.addCookie(removedCookie("connect"));
  return answer;
}

/** The same while the time cannot be read from the database. */
export async function returnDuringOutage(cookies: Cookies, { state }: Record<string, string>): Promise<Answer> {
  logFailure("The database is unavailable.");
  const answer = new Answer();
  answer.redirect(pathAfter((await connectionOf(cookies, state)) !== null, "unavailable", cookies));
  return answer;
}

function pathAfter(isConnection: boolean, outcome: ConnectionOutcome, cookies: Cookies): string {
  if (isConnection) return `/settings/account?${new URLSearchParams({ provider: outcome })}`;
  const path = returnPathOf({ callbackUrl: cookies[cookieName("return")] });
  return `/sign-in?${new URLSearchParams({ error: outcome, ...(path !== "/" && { return: path }) })}`;
}

async function answerReturn({ flow, query, cookies, proceed }: ProviderVisit): Promise<Answer> {
  if (query.error !== undefined) {
    flow.outcome = failureOfCode(query.error);
    const { error, error_description: description } = query;
    if (flow.outcome !== "cancelled") logFailure(`${error.slice(0, 50)}: ${description?.slice(0, 200) ?? ""}`);
    return new Answer();
  }
  // Otherwise strangers could make this server ask the provider. next-auth compares the states afterwards.
  if (!(await openCookie(cookies, "state"))) {
    flow.outcome = "refused";
    logFailure("The browser did not begin this sign-in, or more than 15 minutes ago.");
    return new Answer();
  }
  const metadata = await discover(flow);
  if (!metadata) return new Answer();
  try {
    return await proceed(metadata);
  } catch (error) {
    const isOut = isOutage(error) || (error instanceof Refusal && error.code === "unavailable");
    if (!isOut && !(error instanceof Refusal)) throw error;
    flow.outcome = isOut ? "unavailable" : "refused";
    logFailure(reasonOf(error));
    return new Answer();
  }
}

async function discover(flow: AuthFlow): Promise<ProviderMetadata | null> {
  try {
    return await discoverProvider(env().oidc?.issuer ?? "");
  } catch (error) {
    if (!(error instanceof ProviderFault)) throw error;
    flow.outcome = error.failure;
    logFailure(error.message);
    return null;
  }
}
