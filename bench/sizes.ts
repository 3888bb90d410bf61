/** How much data is created, and how long is measured. */
export interface Sizes {
  /** In the largest database. */
  tokens: number;
  /** In further databases, for the cost of a look-up among fewer tokens. */
  fewerTokens: number[];
  /** Of one owner, for lists of several lengths. */
  ownTokens: number[];
  /** Tokens to disable, to enable and to remove, each more than a run can use up. */
  changes: number;
  /** Names of tokens to create. */
  names: number;
  /** Jobs and workspaces of the largest database, for the cost of work among many of them. */
  jobs: number;
  workspaces: number;
  /** The keys of better-auth, and the two sizes of Unleash. */
  betterAuthKeys: number;
  unleashTokens: number[];
  /** The number of rounds through all rows, of which the median counts, and the duration of a run. */
  rounds: number;
  seconds: number;
  warmUpSeconds: number;
  /** Tokens that are disabled individually. */
  revocations: number;
  /** Rounds in which a token or session is revoked and three instances are checked. */
  revocationRounds: number;
  /** Runs of Lighthouse and starts, of which the median counts. */
  repeats: number;
}

export const connections = 50;

const full: Sizes = {
  tokens: 1_000_000,
  fewerTokens: [1_000, 10_000, 100_000],
  ownTokens: [100, 10_000, 100_000],
  changes: 25_000,
  names: 100_000,
  jobs: 100_000,
  workspaces: 10_000,
  betterAuthKeys: 100_000,
  unleashTokens: [100, 100_000],
  rounds: 5,
  seconds: 3,
  warmUpSeconds: 2,
  revocations: 30_000,
  revocationRounds: 600,
  repeats: 3,
};

/** A reduced run, to see that everything works. Its figures are not meaningful. */
const quick: Sizes = {
  tokens: 50_000,
  fewerTokens: [1_000, 10_000],
  ownTokens: [100, 1_000, 5_000],
  changes: 3_000,
  names: 10_000,
  jobs: 5_000,
  workspaces: 500,
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
