import { existsSync } from "node:fs";
import { isIP } from "node:net";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { loadEnvFile } from "node:process";
import { z } from "zod";
import { readDatabaseUrl } from "./database-url";

/** The checked settings. `databaseUrl` and `authSecret` are null until the embedded database provides them. */
type Settings = ReturnType<typeof parseSettings>;

export type Env = Settings & { databaseUrl: string; authSecret: string };

/** The server cannot start with this setting. The message is one line that names it and says how to correct it. */
export class ConfigurationError extends Error {
  override name = "ConfigurationError";
}

let cached: Env | undefined;

/** Reads the settings once per process. Throws ConfigurationError when one is unknown, malformed or missing. */
export function env(): Env {
  cached ??= requireComplete(readSettings());
  return cached;
}

/** The settings before there is a database. `npm start` decides by them whether to start the embedded one. */
export function readSettings(): Settings {
  const file = join(/* turbopackIgnore: true */ process.cwd(), ".env");
  if (process.env.NODE_ENV !== "test" && existsSync(file)) loadEnvFile(file);
  return parseSettings(process.env);
}

/** Checks an environment, in which an empty value counts as not set. Throws ConfigurationError. */
export function parseSettings(source: Record<string, string | undefined>) {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value?.trim()));
  const unknown = Object.keys(given).find((name) => name.startsWith("TESSERA_") && !(name in variables.shape));
  if (unknown) throw new ConfigurationError(`${unknown} is not a known setting. See .env.example for all settings.`);

  const parsed = variables.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ConfigurationError(`${issue?.path.join(".")} ${issue?.message}.`);
  }
  const read = parsed.data;
  if (read.DATABASE_URL && !read.AUTH_SECRET) {
    throw new ConfigurationError(
      "AUTH_SECRET is not set. It is required with DATABASE_URL and must be the same on every instance: at least 32 random characters, for example from `openssl rand -base64 32`.",
    );
  }

  return {
    port: read.PORT,
    processes: read.WEB_CONCURRENCY,
    databaseUrl: read.DATABASE_URL ?? null,
    databaseConnections: read.TESSERA_DATABASE_CONNECTIONS,
    authSecret: read.AUTH_SECRET ?? null,
    baseUrl: read.TESSERA_BASE_URL ?? null,
    adminPassword: read.TESSERA_ADMIN_PASSWORD ?? null,
    dataDir: resolve(/* turbopackIgnore: true */ read.TESSERA_DATA_DIR),
    tokenLifetimeDaysMax: read.TESSERA_TOKEN_LIFETIME_DAYS_MAX,
    sessionHoursMax: read.TESSERA_SESSION_HOURS_MAX,
    authorizeRules: read.TESSERA_AUTHORIZE_RULES ? resolve(read.TESSERA_AUTHORIZE_RULES) : null,
    verifyMemory: read.TESSERA_VERIFY_MEMORY,
    jobMemoryMb: read.TESSERA_JOB_MEMORY_MB,
    jobSeconds: read.TESSERA_JOB_SECONDS,
    jobOutputMb: read.TESSERA_JOB_OUTPUT_MB,
    jobConcurrency: read.TESSERA_JOB_CONCURRENCY,
    /** Processes of the engine that are ready at rest. */
    engines: read.TESSERA_ENGINES ?? enginesOf(read.WEB_CONCURRENCY),
    jobDays: read.TESSERA_JOB_DAYS,
    fileMb: read.TESSERA_FILE_MB,
    fileCacheMb: read.TESSERA_FILE_CACHE_MB,
    /** Where data files lie; null for PostgreSQL. */
    s3: s3Of(read),
    appRunsPerMinute: read.TESSERA_APP_RUNS_PER_MINUTE,
    appUnfinishedRuns: read.TESSERA_APP_UNFINISHED_RUNS,
    ownerWaitingJobs: read.TESSERA_OWNER_WAITING_JOBS,
    trustedProxies: read.TESSERA_TRUSTED_PROXIES,
    hstsSubdomains: read.TESSERA_HSTS_SUBDOMAINS === "true",
    oidc: oidcOf(read),
  };
}

function requireComplete(settings: Settings): Env {
  const { databaseUrl, authSecret } = settings;
  if (!databaseUrl || !authSecret) {
    throw new ConfigurationError("DATABASE_URL is not set. `npm start` provides a database, or see .env.example.");
  }
  return { ...settings, databaseUrl, authSecret };
}

function oidcOf(read: z.infer<typeof variables>) {
  const names = ["TESSERA_OIDC_ISSUER", "TESSERA_OIDC_CLIENT_ID", "TESSERA_OIDC_CLIENT_SECRET"] as const;
  const missing = names.find((name) => !read[name]);
  const [issuer, clientId, clientSecret] = names.map((name) => read[name]);
  if (issuer && clientId && clientSecret) return { issuer, clientId, clientSecret, name: read.TESSERA_OIDC_NAME };
  if (issuer || clientId || clientSecret) {
    throw new ConfigurationError(`${missing} is not set. OpenID Connect requires all of ${names.join(", ")}.`);
  }
  return null;
}

function s3Of(read: z.infer<typeof variables>) {
  const { TESSERA_S3_BUCKET: bucket, TESSERA_S3_ACCESS_KEY_ID: id, TESSERA_S3_SECRET_ACCESS_KEY: secret } = read;
  const other = ["TESSERA_S3_ENDPOINT", "TESSERA_S3_ACCESS_KEY_ID", "TESSERA_S3_SECRET_ACCESS_KEY"] as const;
  if (!bucket && other.some((name) => read[name]))
    throw new ConfigurationError("TESSERA_S3_BUCKET is not set. An S3 store requires it.");
  if (!bucket) return null;
  if (!id !== !secret)
    throw new ConfigurationError("TESSERA_S3_ACCESS_KEY_ID and TESSERA_S3_SECRET_ACCESS_KEY must be set together.");
  return {
    bucket,
    endpoint: read.TESSERA_S3_ENDPOINT,
    region: read.TESSERA_S3_REGION,
    forcePathStyle: read.TESSERA_S3_FORCE_PATH_STYLE === "true",
    prefix: read.TESSERA_S3_PREFIX,
    /** Without them, the SDK looks for a role of the machine. */
    credentials: id && secret ? { accessKeyId: id, secretAccessKey: secret } : undefined,
  };
}

/** One for each processor, shared by the server's processes; more than 8 would be idle on most machines. */
const enginesOf = (processes: number) => Math.min(8, Math.ceil(availableParallelism() / processes));

function wholeNumber(min: number, max: number) {
  const range = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, range)
    .transform(Number)
    .refine((value) => value >= min && value <= max, range);
}

const databaseUrl = z
  .string()
  .refine(
    (text) => readDatabaseUrl(text) !== null,
    "must look like postgres://user:password@host:5432/database; sslmode is disable, require, verify-ca or verify-full",
  )
  .transform((text) => (readDatabaseUrl(text) as URL).href);

const origin = z
  .string()
  .refine(isOrigin, "must be an origin like https://tessera.example.org, with no path")
  .transform((value) => new URL(value).origin);

const networks = z
  .string()
  .transform((value) => value.split(",").map((item) => item.trim()))
  .refine((items) => items.every(isNetwork), "must be addresses or CIDR ranges, separated by commas");

const variables = z.object({
  PORT: wholeNumber(1, 65_535).default(3000),
  WEB_CONCURRENCY: wholeNumber(1, 64).default(1),
  DATABASE_URL: databaseUrl.optional(),
  AUTH_SECRET: z.string().refine(isStrong, "is weak; it must have at least 32 random characters").optional(),
  TESSERA_DATABASE_CONNECTIONS: wholeNumber(4, 500).default(20),
  TESSERA_BASE_URL: origin.optional(),
  TESSERA_ADMIN_PASSWORD: z
    .string()
    .min(15, "must have 15 to 128 characters")
    .max(128, "must have 15 to 128 characters")
    .optional(),
  TESSERA_DATA_DIR: z.string().default(".tessera"),
  TESSERA_TOKEN_LIFETIME_DAYS_MAX: wholeNumber(1, 36_500).default(3650),
  TESSERA_SESSION_HOURS_MAX: wholeNumber(1, 720).default(12),
  TESSERA_AUTHORIZE_RULES: z.string().optional(),
  TESSERA_VERIFY_MEMORY: wholeNumber(1, 10_000_000).default(100_000),
  TESSERA_JOB_MEMORY_MB: wholeNumber(64, 1_048_576).default(512),
  TESSERA_JOB_SECONDS: wholeNumber(1, 86_400).default(60),
  TESSERA_JOB_OUTPUT_MB: wholeNumber(1, 2_000).default(100),
  TESSERA_JOB_CONCURRENCY: wholeNumber(1, 256).default(2),
  TESSERA_ENGINES: wholeNumber(0, 256).optional(),
  TESSERA_JOB_DAYS: wholeNumber(1, 36_500).default(30),
  TESSERA_APP_UNFINISHED_RUNS: wholeNumber(1, 100_000).default(20),
  TESSERA_OWNER_WAITING_JOBS: wholeNumber(1, 100_000).default(500),
  TESSERA_APP_RUNS_PER_MINUTE: wholeNumber(1, 100_000).default(30),
  TESSERA_FILE_MB: wholeNumber(1, 1_000_000).default(2_000),
  TESSERA_FILE_CACHE_MB: wholeNumber(1, 100_000_000).default(10_000),
  TESSERA_S3_BUCKET: z.string().optional(),
  TESSERA_S3_ENDPOINT: origin.optional(),
  TESSERA_S3_REGION: z.string().default("us-east-1"),
  TESSERA_S3_ACCESS_KEY_ID: z.string().optional(),
  TESSERA_S3_SECRET_ACCESS_KEY: z.string().optional(),
  TESSERA_S3_FORCE_PATH_STYLE: z.enum(["true", "false"], "must be true or false").default("false"),
  TESSERA_S3_PREFIX: z
    .string()
    .regex(/^(?:[\w.-]+\/)*$/, "must be empty or end with a slash, like tessera/")
    .default(""),
  TESSERA_TRUSTED_PROXIES: networks.default([]),
  TESSERA_HSTS_SUBDOMAINS: z.enum(["true", "false"], "must be true or false").default("false"),
  TESSERA_OIDC_ISSUER: z.url({ protocol: /^https?$/, error: "must be the URL of the provider" }).optional(),
  TESSERA_OIDC_CLIENT_ID: z.string().optional(),
  TESSERA_OIDC_CLIENT_SECRET: z.string().optional(),
  TESSERA_OIDC_NAME: z.string().default("Single sign-on"),
});

function isStrong(secret: string): boolean {
  return secret.length >= 32 && new Set(secret).size >= 10;
}

function isOrigin(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, pathname, search, hash } = new URL(value);
  return /^https?:$/.test(protocol) && pathname === "/" && search === "" && hash === "";
}

function isNetwork(value: string): boolean {
  const [ip = "", bits, ...rest] = value.split("/");
  const family = isIP(ip);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}
