/** How much is made and for how long it is measured. */
export interface Sizes {
  /** In the big database. */
  tokens: number;
  /** Databases beside it, for what a token costs among few and among many. */
  fewerTokens: number[];
  /** Of one owner each. */
  ownTokens: number[];
  /** Keys of the peers: better-auth's, and Unleash's two sizes. */
  betterAuthKeys: number;
  unleashTokens: number[];
  /** Runs whose median counts, one after the other through all rows, and their length. */
  rounds: number;
  seconds: number;
  warmUpSeconds: number;
  /** Tokens that are disabled one by one. */
  revocations: number;
  /** Of the rounds in which three instances are asked for what was just taken away. */
  revocationRounds: number;
  /** Lighthouse runs, and starts, whose median counts. */
  repeats: number;
}

export const connections = 50;

const full: Sizes = {
  tokens: 1_000_000,
  fewerTokens: [1_000, 10_000, 100_000],
  ownTokens: [100, 10_000, 100_000],
  betterAuthKeys: 100_000,
  unleashTokens: [100, 100_000],
  rounds: 5,
  seconds: 3,
  warmUpSeconds: 2,
  revocations: 30_000,
  revocationRounds: 600,
  repeats: 3,
};

/** A twentieth, to see that everything works: its figures are not to be quoted. */
const quick: Sizes = {
  tokens: 50_000,
  fewerTokens: [1_000, 10_000],
  ownTokens: [100, 1_000, 5_000],
  betterAuthKeys: 5_000,
  unleashTokens: [100, 5_000],
  rounds: 2,
  seconds: 0.5,
  warmUpSeconds: 0.5,
  revocations: 2_000,
  revocationRounds: 60,
  repeats: 1,
};

export const sizes = { full, quick };
