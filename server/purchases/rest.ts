import type { FastifyInstance } from "fastify";
import { Fault } from "../../shared/faults.ts";
import { type PurchaseResult, purchasedSchema, refusedSchema } from "../../shared/purchases.ts";
import { REFUSALS } from "../../shared/refusals.ts";
import { purchaseBodySchema } from "../../shared/rest.ts";
import { type ContextOf, signedIn } from "../http/context.ts";
import { parsed } from "../http/faults.ts";
import { idempotencyKeyOf } from "../http/idempotency-key.ts";
import { type Operation, refusalAnswers, SERVED_FAULTS } from "../http/openapi/operation.ts";
import { otherMethods } from "../http/other-methods.ts";
import { type BuyServices, buy } from "./buy.ts";

/**
 * `POST /api/purchase/`: buys one item for the buyer of the session. A decision is answered as it is, with the status
 * of its refusal; `Idempotency-Replayed` marks one that was stored by an earlier request.
 */
export async function purchaseRoutes(
  app: FastifyInstance,
  { services, contextOf }: { services: BuyServices; contextOf: ContextOf },
): Promise<void> {
  app.post("/api/purchase/", { config: { operation: BUY } }, async (request, reply) => {
    const { userId } = signedIn(await contextOf(request));
    const body = parsed(purchaseBodySchema, request.body);
    const idempotencyKey = idempotencyKeyOf(request);
    if (body.user_id !== undefined && body.user_id !== userId) {
      throw new Fault("FORBIDDEN", "You can only buy for yourself.");
    }
    const result = await buy(services, userId, {
      itemId: body.item_id,
      quantity: body.quantity,
      idempotencyKey,
    });
    if (result.replayed) reply.header("idempotency-replayed", "true");
    return reply.code(statusOf(result)).send(result);
  });
  otherMethods(app, "/api/purchase", ["POST"]);
}

function statusOf(result: PurchaseResult): number {
  return result.outcome === "purchased" ? 200 : REFUSALS[result.code].status;
}

const BUY: Operation = {
  id: "buy",
  tag: "Buy",
  summary: "Buy an item of a sale",
  description:
    "Decides at once and for certain: bought or refused. The same key gets the same answer again, however often it " +
    "is sent, refusals too. A header X-Doorbuster-Item with the item's id lets a proxy in front of several processes " +
    "bring its purchases together, which is quicker; nothing else depends on it.",
  needs: "session and key",
  body: purchaseBodySchema,
  example: { item_id: 1 },
  answers: {
    ...refusalAnswers(REFUSALS, refusedSchema),
    200: { says: "Bought", schema: purchasedSchema, mayBeReplayed: true },
  },
  faults: [...SERVED_FAULTS, "UNAUTHENTICATED", "LOCK_TIMEOUT", "OUTCOME_UNKNOWN"],
};
