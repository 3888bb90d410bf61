import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** Sends bytes over a connection of its own, with a pause between the parts, and returns the first answer as it came. */
export async function sendRaw(port: number, parts: readonly (string | Uint8Array)[], pauseMs = 0): Promise<string> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  const isHead = parts[0] !== undefined && Buffer.from(parts[0]).toString("latin1").startsWith("HEAD ");
  let received = "";
  const answered = new Promise<string>((resolve, reject) => {
    socket.setEncoding("latin1").on("data", (text: string) => {
      received += text;
      if (isWhole(received, isHead)) resolve(received);
    });
    socket.on("end", () => resolve(received));
    socket.on("error", reject);
  });
  try {
    for (const [index, part] of parts.entries()) {
      if (index > 0) await delay(pauseMs);
      socket.write(typeof part === "string" ? Buffer.from(part, "latin1") : part);
    }
    return await answered;
  } finally {
    socket.destroy();
  }
}

/** Whether an answer with Content-Length, or without a body, has arrived. */
function isWhole(received: string, isHead: boolean): boolean {
  const [head = "", body = ""] = received.split(/\r\n\r\n(.*)/s);
  if (!received.includes("\r\n\r\n")) return false;
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
  return isHead || length === undefined || body.length >= Number(length);
}

/** The head of a request, with these lines of headers. */
export const headOf = (line: string, headers: readonly string[]): string => [line, ...headers, "", ""].join("\r\n");

/** An answer without what differs between two answers to the same request: its id and its time. */
export const comparable = (answer: string): string =>
  answer
    .replace(/^(x-request-id): .*$/im, "$1: …")
    .replace(/^Date: .*$/m, "Date: …")
    .replace(/"requestId":"[^"]*"/, '"requestId":"…"');
