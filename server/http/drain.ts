import type { FastifyInstance } from "fastify";

/** Takes no new connections and waits for requests under way, but no longer than 10 s. */
export async function drain(app: FastifyInstance): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), DRAIN_MS_MAX);
  await app.close();
  clearTimeout(timer);
}

const DRAIN_MS_MAX = 10_000;
