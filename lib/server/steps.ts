import { ConfigurationError } from "@/lib/env";

/** A problem that the reader can fix. The message is one line: what is wrong and what to do. */
export class CannotStart extends Error {
  override name = "CannotStart";
}

/**
 * Runs one step of a start and prints it with its duration.
 *
 * @param title at most 18 characters.
 * @param act does the step and returns the text to print.
 */
export async function step(title: string, act: () => Promise<string> | string): Promise<void> {
  const began = performance.now();
  const result = await act();
  console.log(`  ✓ ${title.padEnd(18)}${result.padEnd(58)}${secondsSince(began).padStart(6)} s`);
}

/** Prints a line inside a long step. */
export function note(title: string, text: string): void {
  console.log(`  · ${title.padEnd(18)}${text}`);
}

/** Seconds since a `performance.now()`, with one decimal. */
export function secondsSince(began: number): string {
  return ((performance.now() - began) / 1000).toFixed(1);
}

/** Prints a failure: one line when the reader can fix it, the whole error when it is a bug. */
export function printFailure(error: unknown): void {
  const plain = error instanceof CannotStart || error instanceof ConfigurationError;
  console.error("  ✗", plain ? error.message : error);
}
