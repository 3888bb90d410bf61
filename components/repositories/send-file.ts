import { ApiProblem, problemOf, sessionEnded } from "@/components/forms/api";
import { type FilePath, fileUrlOf } from "@/lib/repositories/schema";

interface Sending {
  /** Whether it may replace a file. */
  replace: boolean;
  signal: AbortSignal;
  /** Gets the number of bytes that the server has. */
  onProgress: (sent: number) => void;
  /** Is called with true while the server cannot be reached. */
  onWaiting: (isWaiting: boolean) => void;
}

const partBytes = 4_000_000;
const attemptsMax = 60;
const delayMsMax = 10_000;

/**
 * Sends a file in parts. When the connection breaks, it asks where the server is and goes on there, for some minutes. Aborting
 * the signal cancels the upload on the server too.
 *
 * @throws ApiProblem for a refusal, with status 412 for a file that it may not replace, and with status 0 when the server cannot be reached for too long.
 */
export async function sendFile(file: File, path: FilePath, sending: Sending): Promise<void> {
  const begin = {
    "Upload-Complete": "?0",
    "Upload-Length": String(file.size),
    ...(!sending.replace && { "If-None-Match": "*" }),
  };
  const begun = await ask("PUT", fileUrlOf(path), sending.signal, begin);
  const upload = begun.headers.get("Location") ?? "";
  try {
    await sendParts(file, upload, sending);
  } catch (error) {
    if (sending.signal.aborted) await ask("DELETE", upload, AbortSignal.timeout(delayMsMax));
    throw error;
  }
}

async function sendParts(file: File, upload: string, { signal, onProgress, onWaiting }: Sending): Promise<void> {
  let offset: number | null = 0;
  for (let failures = 0; ; ) {
    try {
      offset ??= await readOffset(upload, signal);
      onWaiting(false);
      if (offset === null) return;
      onProgress(offset);
      const end: number = Math.min(offset + partBytes, file.size);
      const isLast = end === file.size;
      await sendPart(file.slice(offset, end), upload, signal, { offset, isLast });
      if (isLast) return;
      offset = end;
      failures = 0;
    } catch (error) {
      if (signal.aborted || !mayResume(error) || ++failures === attemptsMax) throw error;
      offset = null;
      onWaiting(true);
      await pause(Math.min(500 * 2 ** failures, delayMsMax), signal);
    }
  }
}

async function sendPart(
  part: Blob,
  upload: string,
  signal: AbortSignal,
  { offset, isLast }: { offset: number; isLast: boolean },
): Promise<void> {
  const headers = {
    "Content-Type": "application/partial-upload",
    "Upload-Offset": String(offset),
    "Upload-Complete": isLast ? "?1" : "?0",
  };
  await ask("PATCH", upload, signal, headers, part);
}

/** Returns null for a complete upload whose last answer was lost. */
async function readOffset(upload: string, signal: AbortSignal): Promise<number | null> {
  const { headers } = await ask("HEAD", upload, signal);
  return headers.get("Upload-Complete") === "?1" ? null : Number(headers.get("Upload-Offset"));
}

/** The server was not reached, cannot answer at the moment, has another offset, or got the part incomplete. */
function mayResume(error: unknown): boolean {
  if (!(error instanceof ApiProblem)) return false;
  return error.status === 0 || error.status === 409 || error.status >= 500;
}

async function ask(
  method: string,
  url: string,
  signal: AbortSignal,
  headers: Record<string, string> = {},
  body?: Blob,
): Promise<Response> {
  const response = await fetch(url, { method, headers, body, signal, cache: "no-store" }).catch(() => {
    throw new ApiProblem(0, "The server didn't respond. Check your connection and upload the file again.");
  });
  if (response.ok) return response;
  if (response.status === 401) window.dispatchEvent(new Event(sessionEnded));
  throw await problemOf(response);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => resolve(clearTimeout(timer)), { once: true });
  });
}
