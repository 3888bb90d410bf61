# The image of one Tessera instance. It needs a PostgreSQL: set DATABASE_URL and AUTH_SECRET. compose.yaml shows a whole installation.
# Both stages have the same base, because the package contains native parts for its platform.
ARG NODE_IMAGE=node:22-bookworm-slim

# All packages, the pages and the compiled server; then a copy of what the server needs at run time.
FROM ${NODE_IMAGE} AS build
ENV NEXT_TELEMETRY_DISABLED=1
WORKDIR /opt/tessera
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run package -- /opt/package

FROM ${NODE_IMAGE}
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 CHECKPOINT_DISABLE=1 PORT=3000 TESSERA_DATA_DIR=/var/lib/tessera
WORKDIR /opt/tessera
COPY --from=build /opt/package ./
# The program belongs to root, so that the server cannot change it. It writes only to its data folder and to /tmp.
RUN mkdir -p /var/lib/tessera && chown node:node /var/lib/tessera
USER node
VOLUME /var/lib/tessera
EXPOSE 3000

# Live and not ready: an outage of the database is no reason to replace the container.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "--eval", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]

# In exec form, so that Node gets the signal itself. It finishes requests and jobs in flight, for at most 45 s.
STOPSIGNAL SIGTERM
CMD ["node", "--disable-warning=ExperimentalWarning", "--conditions=react-server", "--max-old-space-size=512", "lib/generated/programs/lib/server/start.js"]
