import { ConfigurationError } from "@/lib/env";

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

/** Prints one line when the reader can fix the failure, and the whole error when it is a bug. */
export function printFailure(error: unknown): void {
  const plain = error instanceof CannotStart || error instanceof ConfigurationError;
  console.error("  ✗", plain ? error.message : error);
}
