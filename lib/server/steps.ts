import { ConfigurationError } from "@/lib/env";

/** Something the reader can mend. The message is one line: what is wrong and what to do. */
export class CannotStart extends Error {
  override name = "CannotStart";
}

/**
 * Does one step of a start and prints it with its time.
 *
 * @param title at most 18 characters.
 * @param act does it, and returns what to say of it.
 */
export async function step(title: string, act: () => Promise<string> | string): Promise<void> {
  const began = performance.now();
  const said = await act();
  console.log(`  ✓ ${title.padEnd(18)}${said.padEnd(58)}${secondsSince(began).padStart(6)} s`);
}

/** Prints a line inside a step that takes long. */
export function note(title: string, text: string): void {
  console.log(`  · ${title.padEnd(18)}${text}`);
}

/** Seconds since a `performance.now()`, with one decimal. */
export function secondsSince(began: number): string {
  return ((performance.now() - began) / 1000).toFixed(1);
}

/** Prints a failure: one line when the reader can mend it, everything when it is a fault of ours. */
export function printFailure(error: unknown): void {
  const plain = error instanceof CannotStart || error instanceof ConfigurationError;
  console.error("  ✗", plain ? error.message : error);
}
