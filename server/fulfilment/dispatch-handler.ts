import type { Database, Tx } from "../database/database.ts";
import { confirmOrder } from "../orders/confirm.ts";
import { rejectOrder } from "../orders/reject.ts";
import { rejectPurchase } from "../purchases/reject.ts";
import { announceSale } from "../sales/live/hints.ts";
import type { TaskHandler } from "../tasks/handler.ts";
import type { WarehouseClient } from "../warehouse/client/warehouse-client.ts";
import { arrivals } from "./arrivals.ts";
import { askWarehouse, type FinalRefusal } from "./ask-warehouse.ts";
import { type DispatchPayload, dispatchPayload } from "./payloads.ts";

/**
 * Has the warehouse send out what a purchase or an order sold.
 *
 *   goods still on their way in ▶ postponed
 *   the warehouse did it        ▶ completed; an order is confirmed
 *   it refuses for good         ▶ completed; units and money go back, in the transaction that says so
 *   it gives no answer          ▶ the attempt has failed; the next one asks with the same key
 */
export function dispatchHandler({ database, schema, warehouse }: DispatchOptions): TaskHandler {
  const { waitMs: waitFor } = arrivals(database);
  return {
    async run(task, { signal }) {
      const payload = dispatchPayload(task);
      const { body } = payload;
      const waitMs = await waitFor(new Set(body.lines.map(({ productId }) => productId)));
      if (waitMs > 0) {
        return { kind: "postponed", delayMs: waitMs, reason: "Its goods have not arrived in the warehouse yet." };
      }
      const { taskId: key, traceId } = task;
      return askWarehouse(
        warehouse,
        () => warehouse.dispatch(body, { key, traceId, signal }),
        (answer) => {
          if (answer.outcome === "refused") {
            return { kind: "completed", result: answer, effect: (tx) => giveBack(tx, { schema, payload, answer }) };
          }
          if (!("orderId" in payload)) return { kind: "completed", result: answer };
          return { kind: "completed", result: answer, effect: (tx) => confirmOrder(tx, payload.orderId) };
        },
      );
    },
    // Nothing is claimed that the breaker would not let through.
    pausedMs: () => warehouse.breaker.opensInMs,
  };
}

export interface DispatchOptions {
  readonly database: Database;
  /** The store: whoever watches its sales is told of units that are for sale again. */
  readonly schema: string;
  readonly warehouse: WarehouseClient;
}

async function giveBack(tx: Tx, { schema, payload, answer }: Refused): Promise<void> {
  const reason = REASONS[answer.code];
  if ("orderId" in payload) return rejectOrder(tx, payload.orderId, reason);
  const changedSaleId = await rejectPurchase(tx, payload.purchaseId, reason);
  if (changedSaleId !== undefined) await announceSale(tx, schema, changedSaleId);
}

/** Buyers read them, beside what became of their money. */
const REASONS: Record<FinalRefusal["code"], string> = {
  SHORTAGE: "The warehouse has too few of it.",
  UNKNOWN_PRODUCT: "The warehouse does not have this product.",
};

interface Refused {
  readonly schema: string;
  readonly payload: DispatchPayload;
  readonly answer: FinalRefusal;
}
