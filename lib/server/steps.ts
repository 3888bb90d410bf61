import { ConfigurationError } from "@/lib/env";
import { Refusal } from "@/lib/errors";
import { isOutage } from "@/lib/outage";

/** The reader can fix this. The message is one line: what is wrong and what to do. */
export class CannotStart extends Error {
  override name = "CannotStart";
}

/** Prints the text that `act` returns, and its duration. The title has at most 18 characters. */
export async function step(title: string, act: () => Promise<string> | string): Promise<void> {
  const began = performance.now();
  const result = await act();
  console.log(`  ✓ ${title.padEnd(18)}${result.padEnd(58)}${secondsSince(began).padStart(6)} s`);
}

export function note(title: string, text: string): void {
  console.log(`  · ${title.padEnd(18)}${text}`);
}

/** `began` is a `performance.now()`; the seconds have one decimal. */
export function secondsSince(began: number): string {
  return ((performance.now() - began) / 1000).toFixed(1);
}

/** Prints a failure: one line when the reader can fix it or the database is away, the whole error when it is a bug. */
export function printFailure(error: unknown): void {
  if (isPlain(error)) console.error(`  ✗ ${error.message}`);
  else if (isOutage(error)) console.error(`  ✗ The database does not respond: ${outageReason(error)}`);
  else console.error("  ✗", error);
}

/** Whether the message is one line for the operator as it is. */
export const isPlain = (error: unknown): error is Error =>
  error instanceof CannotStart || error instanceof ConfigurationError || error instanceof Refusal;

/** The reason for an outage in one line. The error of a host name with several addresses has a code and no message. */
export function outageReason(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException;
  return (message || code || "no reason given").split("\n").at(-1) ?? "";
}
