import { sql } from "drizzle-orm";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { singleFlight } from "../concurrency/single-flight.ts";
import type { Database } from "../database/database.ts";
import type { Operation } from "./openapi/operation.ts";
import { otherMethods } from "./other-methods.ts";

/** What `/health/ready` asks about. */
export interface Readiness {
  readonly database: Database;
  /** Whether the process has been told to stop. */
  readonly isDraining: () => boolean;
}

/**
 * `/health/live` answers while the process runs. `/health/ready` answers 200 when requests can be served, and 503 with
 * what is missing when they cannot. A process listens only after its migrations are done, so `migrations` holds as soon
 * as anything is answered at all.
 *
 * However many ask, and anyone may, the database is asked once at a time, and its answer holds for a second: on these
 * connections things are bought.
 */
export async function healthRoutes(app: FastifyInstance, { database, isDraining }: Readiness): Promise<void> {
  const databaseAnswers = singleFlight(() => ask(database), { keptMs: () => KEPT_MS });
  app.get("/health/live", { config: { operation: LIVE } }, async () => ({ status: "live" }));

  app.get("/health/ready", { config: { operation: READY } }, async (_request, reply) => {
    const draining = isDraining();
    const answers = !draining && (await databaseAnswers());
    const ready = answers && !draining;
    return reply.code(ready ? 200 : 503).send({
      status: ready ? "ready" : "not ready",
      checks: { database: answers ? "ok" : draining ? "not asked" : "no answer", migrations: "ok", draining },
    });
  });
  for (const url of ["/health/live", "/health/ready"]) otherMethods(app, url, ["GET"]);
}

async function ask(database: Database): Promise<boolean> {
  try {
    await database.withTransaction((tx) => tx.execute(sql`select 1`), {
      name: "health",
      readOnly: true,
      deadlineMs: ANSWER_MS_MAX,
      attemptsMax: 1,
    });
    return true;
  } catch {
    return false;
  }
}

/** Machines ask every few seconds and wait about as long. */
const ANSWER_MS_MAX = 2_000;

const KEPT_MS = 1_000;

const LIVE: Operation = {
  id: "live",
  tag: "Machines",
  summary: "Whether the process runs",
  needs: "nothing",
  answers: { 200: { says: "It does", schema: z.object({ status: z.literal("live") }) } },
};

const readySchema = z.object({
  status: z.enum(["ready", "not ready"]),
  checks: z.object({
    database: z.enum(["ok", "no answer", "not asked"]),
    migrations: z.literal("ok"),
    draining: z.boolean(),
  }),
});

const READY: Operation = {
  id: "ready",
  tag: "Machines",
  summary: "Whether requests can be served",
  needs: "nothing",
  answers: {
    200: { says: "They can", schema: readySchema },
    503: { says: "They cannot: the database is away, or the process is stopping", schema: readySchema },
  },
};
