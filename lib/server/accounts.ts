import { engineAccount } from "@/lib/engine/account";
import { findOrCreateSystemAccount, type SystemAccount } from "@/lib/system-account";
import { CannotStart } from "./steps";

/** The account that PostgreSQL runs as, which refuses to run as root. */
export const postgresAccount = (): Promise<SystemAccount> => orCannotStart(findOrCreateSystemAccount("postgres"));

/** Creates the account of the engine at the start, so that a failure is not found by the first job. */
export async function provideEngineAccount(): Promise<void> {
  await orCannotStart(engineAccount());
}

const orCannotStart = <T>(work: Promise<T>): Promise<T> =>
  work.catch((cause: Error) => {
    throw new CannotStart(cause.message, { cause });
  });
