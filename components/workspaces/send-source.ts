import { ApiProblem, problemOf, sessionEnded } from "@/components/forms/api";
import type { WorkspacePath, WorkspaceView } from "@/lib/workspaces/schema";
import { workspaceUrl } from "./run-page-url";

/** Which text it may replace: none, only the one with this ETag, or any. */
export type Replacing = "nothing" | "anything" | { tag: string };

/** Publishes a text. @throws ApiProblem for a refusal, with status 412 for a text that it may not replace, and with
 * status 0 when the server cannot be reached. */
export async function sendSource(path: WorkspacePath, text: string, replacing: Replacing): Promise<WorkspaceView> {
  const response = await reach(workspaceUrl(path), {
    method: "PUT",
    headers: { Accept: "application/json", "Content-Type": "application/sql", ...conditionOf(replacing) },
    body: text,
  });
  return response.json();
}

/** Reads the published text. @throws ApiProblem like {@link sendSource}. */
export async function fetchSource(path: WorkspacePath): Promise<{ text: string; tag: string }> {
  const response = await reach(`${workspaceUrl(path)}/source`, { cache: "no-store" });
  return { text: await response.text(), tag: response.headers.get("etag") ?? "" };
}

function conditionOf(replacing: Replacing): Record<string, string> {
  if (replacing === "nothing") return { "If-None-Match": "*" };
  return replacing === "anything" ? {} : { "If-Match": replacing.tag };
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init).catch(() => {
    throw new ApiProblem(0, "The server didn't respond. Your text is still here. Check your connection and try again.");
  });
  if (response.ok) return response;
  if (response.status === 401) window.dispatchEvent(new Event(sessionEnded));
  throw await problemOf(response);
}
