import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";
import { Fault } from "../../../shared/faults.ts";
import {
  dispatchBodySchema,
  receiveBodySchema,
  stockQuerySchema,
  takenBodySchema,
  updatesInputSchema,
  WAREHOUSE_REFUSALS,
  type WarehouseAnswer,
} from "../../../shared/warehouse.ts";
import type { Database } from "../../database/database.ts";
import { parsed } from "../../http/faults.ts";
import { idempotencyKeyOf } from "../../http/idempotency-key.ts";
import { traceIdOf } from "../../http/request-ids.ts";
import type { Chaos } from "./chaos.ts";
import type { DispatchBatcher } from "./dispatch.ts";
import { listStock } from "./list-stock.ts";
import { listTaken } from "./list-taken.ts";
import { listUpdates } from "./list-updates.ts";
import { receive } from "./receive.ts";

export interface InventoryOptions {
  readonly database: Database;
  readonly batcher: Pick<DispatchBatcher, "dispatch">;
  readonly chaos: Chaos;
  /** Ends the process. */
  readonly crash: () => void;
  /** Told of what was answered. */
  readonly onAnswered: (operation: Operation, answer: WarehouseAnswer) => void;
}

export type Operation = "dispatch" | "receive";

/** Asks what became of references, and changes nothing: there are too many of them for an address. */
export const TAKEN_PATH = "/inventory/taken";

/** What the shop asks of the warehouse. Faults are injected here and nowhere else, so that they can always be stopped. */
export async function inventoryRoutes(
  app: FastifyInstance,
  { database, batcher, chaos, crash, onAnswered }: InventoryOptions,
): Promise<void> {
  app.addHook("onRequest", async (request, reply) => {
    if (chaos.refuses()) return cut(request, reply);
    if (chaos.fails()) throw new Fault("UNAVAILABLE", "The warehouse was told to fail for a while.");
  });
  // With the request read to its end, so that no time limit on reading it passes meanwhile.
  app.addHook("preHandler", () => chaos.delay());

  app.post("/inventory/dispatch", { bodyLimit: DISPATCH_BYTES_MAX }, async (request, reply) => {
    const key = idempotencyKeyOf(request);
    const body = parsed(dispatchBodySchema, request.body);
    return answer(
      "dispatch",
      request,
      reply,
      await batcher.dispatch(body, { key, traceId: traceIdOf(request.headers) }),
    );
  });

  app.post("/inventory/receive", { bodyLimit: RECEIVE_BYTES_MAX }, async (request, reply) => {
    const key = idempotencyKeyOf(request);
    const body = parsed(receiveBodySchema, request.body);
    return answer(
      "receive",
      request,
      reply,
      await receive(database, body, { key, traceId: traceIdOf(request.headers) }),
    );
  });

  app.get("/inventory", (request) => listStock(database, parsedQuery(stockQuerySchema, request.query, ["limit"])));

  app.get("/inventory/updates", (request) =>
    listUpdates(database, parsedQuery(updatesInputSchema, request.query, ["limit", "productId", "afterId"])),
  );

  // It only asks; a thousand references are too long for an address.
  app.post(TAKEN_PATH, { bodyLimit: TAKEN_BYTES_MAX }, (request) =>
    listTaken(database, parsed(takenBodySchema, request.body).references),
  );

  function answer(operation: Operation, request: FastifyRequest, reply: FastifyReply, decided: WarehouseAnswer) {
    onAnswered(operation, decided);
    if (wasCommitted(decided) && chaos.takesCrash()) {
      crash();
      // Where the process goes on all the same, no answer leaves it either.
      return cut(request, reply);
    }
    return reply.code(decided.outcome === "done" ? 200 : WAREHOUSE_REFUSALS[decided.code]).send(decided);
  }
}

/** Whether it was decided, and so stored, just now. */
function wasCommitted(answer: WarehouseAnswer): boolean {
  return !answer.replayed && !(answer.outcome === "refused" && answer.code === "KEY_REUSED");
}

function cut(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.hijack();
  request.raw.socket.resetAndDestroy();
  return reply;
}

/**
 * What a query says, with the numbers among it as numbers: they travel as text. Text that is none stays as it is, for the
 * schema to refuse.
 */
function parsedQuery<Output>(schema: z.ZodType<Output>, query: unknown, numbers: readonly string[]): Output {
  const entries = Object.entries(query ?? {}).map(([name, value]) =>
    numbers.includes(name) && typeof value === "string" && /^\d{1,16}$/.test(value)
      ? [name, Number(value)]
      : [name, value],
  );
  return parsed(schema, Object.fromEntries(entries));
}

/** A thousand lines take less than a tenth of this. */
const DISPATCH_BYTES_MAX = 1024 * 1024;

/** A thousand lines with the longest texts, in an alphabet of three bytes a letter. */
const RECEIVE_BYTES_MAX = 20 * 1024 * 1024;

/** A thousand of the longest references take a quarter of this. */
const TAKEN_BYTES_MAX = 1024 * 1024;
