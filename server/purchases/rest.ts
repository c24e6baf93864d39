import type { FastifyInstance } from "fastify";
import { Fault } from "../../shared/faults.ts";
import type { PurchaseResult } from "../../shared/purchases.ts";
import { REFUSALS } from "../../shared/refusals.ts";
import { type PurchaseBody, purchaseBodySchema } from "../../shared/rest.ts";
import type { ContextOf } from "../http/context.ts";
import { invalidInput } from "../http/faults.ts";
import { idempotencyKeyOf } from "../http/idempotency-key.ts";
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
  app.post("/api/purchase", async (request, reply) => {
    const { actor } = await contextOf(request);
    if (!actor) throw new Fault("UNAUTHENTICATED");
    const body = parseBody(request.body);
    const idempotencyKey = idempotencyKeyOf(request);
    if (body.user_id !== undefined && body.user_id !== actor.userId) {
      throw new Fault("FORBIDDEN", "You can only buy for yourself.");
    }
    const result = await buy(services, actor.userId, {
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

function parseBody(body: unknown): PurchaseBody {
  const parsed = purchaseBodySchema.safeParse(body);
  if (!parsed.success) throw invalidInput(parsed.error);
  return parsed.data;
}
