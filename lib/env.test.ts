import { availableParallelism } from "node:os";
import { expect, test } from "vitest";
import { ConfigurationError, parseSettings } from "./env";

const databaseUrl = "postgres://ada:secret@db.example.org:5432/tessera";
const authSecret = "q3vXy7Lk0TnB2mZc9RwE5sUa8HdJ1fGp";
const refusal = (source: Record<string, string>) => {
  try {
    parseSettings(source);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  return null;
};

test("an empty environment means the embedded database on port 3000", () => {
  expect(parseSettings({})).toMatchObject({
    port: 3000,
    databaseUrl: null,
    authSecret: null,
    jobMemoryMb: 512,
    oidc: null,
  });
});

test("the processes that are ready are one for each core, shared by the processes of the server, and at most 8", () => {
  const cores = availableParallelism();
  expect(parseSettings({}).engines).toBe(Math.min(8, cores));
  expect(parseSettings({ WEB_CONCURRENCY: "64" }).engines).toBe(Math.ceil(cores / 64));
  expect(parseSettings({ TESSERA_ENGINES: "0" }).engines).toBe(0);
  expect(refusal({ TESSERA_ENGINES: "257" })).toMatch(/^TESSERA_ENGINES must be a whole number from 0 to 256/);
});

test("an empty value counts as not set", () => {
  expect(parseSettings({ PORT: "", TESSERA_BASE_URL: " " })).toMatchObject({ port: 3000, baseUrl: null });
});

test("a complete configuration is read", () => {
  expect(
    parseSettings({
      PORT: "8080",
      DATABASE_URL: databaseUrl,
      AUTH_SECRET: authSecret,
      TESSERA_BASE_URL: "https://tessera.example.org/",
      TESSERA_TRUSTED_PROXIES: "10.0.0.0/8, ::1",
      TESSERA_HSTS_SUBDOMAINS: "true",
      TESSERA_OIDC_ISSUER: "https://id.example.org",
      TESSERA_OIDC_CLIENT_ID: "tessera",
      TESSERA_OIDC_CLIENT_SECRET: "s3cret",
    }),
  ).toMatchObject({
    port: 8080,
    databaseUrl,
    authSecret,
    baseUrl: "https://tessera.example.org",
    trustedProxies: ["10.0.0.0/8", "::1"],
    hstsSubdomains: true,
    oidc: { issuer: "https://id.example.org", clientId: "tessera", clientSecret: "s3cret", name: "Single sign-on" },
  });
});

test.each([
  ["an unknown setting", { TESSERA_TOKEN_LIFETIME: "9" }, /^TESSERA_TOKEN_LIFETIME is not a known setting/],
  ["a port out of range", { PORT: "70000" }, /^PORT must be a whole number from 1 to 65535/],
  ["no process at all", { WEB_CONCURRENCY: "0" }, /^WEB_CONCURRENCY must be a whole number from 1 to 64/],
  ["processes in words", { WEB_CONCURRENCY: "auto" }, /^WEB_CONCURRENCY must be a whole number from 1 to 64/],
  [
    "too few connections",
    { TESSERA_DATABASE_CONNECTIONS: "1" },
    /^TESSERA_DATABASE_CONNECTIONS must be a whole number from 4/,
  ],
  ["a number with a unit", { TESSERA_JOB_SECONDS: "60s" }, /^TESSERA_JOB_SECONDS must be a whole number/],
  [
    "a database URL of another kind",
    { DATABASE_URL: "mysql://a@b/c", AUTH_SECRET: authSecret },
    /^DATABASE_URL must look/,
  ],
  ["a database URL that is none", { DATABASE_URL: "tessera", AUTH_SECRET: authSecret }, /^DATABASE_URL must look/],
  ["a database without AUTH_SECRET", { DATABASE_URL: databaseUrl }, /^AUTH_SECRET is not set/],
  ["a short AUTH_SECRET", { DATABASE_URL: databaseUrl, AUTH_SECRET: "changeme" }, /^AUTH_SECRET is weak/],
  ["a monotonous AUTH_SECRET", { AUTH_SECRET: "a".repeat(64) }, /^AUTH_SECRET is weak/],
  [
    "a base URL with a path",
    { TESSERA_BASE_URL: "https://example.org/tessera" },
    /^TESSERA_BASE_URL must be an origin/,
  ],
  ["a short administrator password", { TESSERA_ADMIN_PASSWORD: "admin" }, /^TESSERA_ADMIN_PASSWORD must have 15/],
  [
    "a proxy that is no address",
    { TESSERA_TRUSTED_PROXIES: "10.0.0.0/33" },
    /^TESSERA_TRUSTED_PROXIES must be addresses/,
  ],
  ["a provider without a web address", { TESSERA_OIDC_ISSUER: "javascript:alert(1)" }, /^TESSERA_OIDC_ISSUER must be/],
  ["half of OpenID Connect", { TESSERA_OIDC_CLIENT_ID: "tessera" }, /^TESSERA_OIDC_ISSUER is not set/],
])("%s is refused in one line", (_, source, message) => {
  expect(refusal(source)).toMatch(message);
  expect(refusal(source)).not.toContain("\n");
});

test("an error message never contains a secret", () => {
  expect(refusal({ DATABASE_URL: "mysql://ada:hunter2@b/c", AUTH_SECRET: authSecret })).not.toContain("hunter2");
});

test("an S3 store needs a bucket, and both keys or none", () => {
  const keys = { TESSERA_S3_ACCESS_KEY_ID: "id", TESSERA_S3_SECRET_ACCESS_KEY: "secret" };
  const bucket = { TESSERA_S3_BUCKET: "files" };
  expect(parseSettings({}).s3).toBeNull();
  expect(parseSettings(bucket).s3).toMatchObject({ bucket: "files", region: "us-east-1", credentials: undefined });
  expect(parseSettings({ ...bucket, ...keys, TESSERA_S3_FORCE_PATH_STYLE: "true" }).s3).toMatchObject({
    forcePathStyle: true,
    credentials: { accessKeyId: "id", secretAccessKey: "secret" },
  });
  expect(refusal(keys)).toMatch(/^TESSERA_S3_BUCKET is not set/);
  expect(refusal({ ...bucket, TESSERA_S3_ACCESS_KEY_ID: "id" })).toMatch(/must be set together/);
  expect(refusal({ ...bucket, TESSERA_S3_ENDPOINT: "s3.example.org" })).toMatch(/^TESSERA_S3_ENDPOINT must be/);
  expect(refusal({ ...bucket, TESSERA_S3_FORCE_PATH_STYLE: "yes" })).toMatch(/must be true or false/);
  expect(refusal({ ...bucket, TESSERA_S3_PREFIX: "files" })).toMatch(/end with a slash/);
});
