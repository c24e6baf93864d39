import type { OrderRecord, OrderStatus } from "../../../../../shared/orders.ts";
import type { PurchaseRecord, PurchaseStatus } from "../../../../../shared/purchases.ts";
import type { PathInput } from "../../../../../shared/record.ts";
import { doorbuster } from "../../../app/clients.ts";
import { euros } from "../../../components/money.tsx";
import type { SignName, Tone } from "../tag.tsx";
import { countWords } from "../time-words.ts";

/** What somebody bought, in a sale or from the catalogue, as an operator sees it. */
export interface Bought {
  readonly name: string;
  /** Which of several of the same name it is. */
  readonly place: string;
  /** What it is called in letters and records: "Order 12". */
  readonly number: string;
  readonly idempotencyKey: string;
  /** By what all that became of it is found. */
  readonly path: PathInput;
  readonly boughtAt: string;
  readonly amountCents: number;
  readonly status: { readonly text: string; readonly tone: Tone; readonly sign: SignName };
  readonly refundedAt: string | null;
  /** Null also where the shop did it by itself. */
  readonly refundedBy: string | null;
  /** Why it was given back. */
  readonly because: string | null;
  /** Its dispatch. */
  readonly taskId: string;
  /** Gives the money back. Resolves with what was done, or nothing where it was before; rejects with why not, in words. */
  readonly refund: (reason: string | undefined) => Promise<string | undefined>;
}

export function ofPurchase(purchase: PurchaseRecord): Bought {
  const { purchaseId, itemName, quantity } = purchase;
  return {
    name: quantity > 1 ? `${quantity} × ${itemName}` : itemName,
    place: `Buyer number ${countWords(purchase.position)}`,
    number: `Purchase ${purchaseId}`,
    idempotencyKey: purchase.idempotencyKey,
    path: { purchaseId },
    boughtAt: purchase.purchasedAt,
    amountCents: purchase.amountCents,
    status: PURCHASE_STATUS[purchase.status],
    refundedAt: purchase.refundedAt,
    refundedBy: purchase.refundedBy,
    because: purchase.rejectedBecause ?? purchase.refundedBecause,
    taskId: purchaseId,
    async refund(reason) {
      const result = await doorbuster.purchases.refund({ purchaseId, reason });
      if (result.outcome === "refused") return refuse(result);
      const units = result.unitsReturned ? "the units can be sold again" : "the goods are on their way already";
      return `${euros(result.amountCents)} are back in the wallet; ${units}.`;
    },
  };
}

export function ofOrder(order: OrderRecord): Bought {
  const { orderId, lines } = order;
  const number = `Order ${orderId}`;
  return {
    name: lines.map(({ quantity, productName }) => `${quantity} × ${productName}`).join(", "),
    place: number,
    number,
    idempotencyKey: order.idempotencyKey,
    path: { orderId },
    boughtAt: order.placedAt,
    amountCents: order.amountCents,
    status: ORDER_STATUS[order.status],
    refundedAt: order.refundedAt,
    refundedBy: order.refundedBy,
    because: order.errorMessage,
    taskId: `order-${orderId}`,
    async refund(reason) {
      const result = await doorbuster.orders.refund({ orderId, reason });
      if (result.outcome === "refused") return refuse(result);
      return `${euros(result.order.amountCents)} of order ${orderId} are back in the wallet.`;
    },
  };
}

/** What was given back before is as it was asked to be. */
function refuse({ code, message }: { readonly code: string; readonly message: string }): undefined {
  if (code !== "ALREADY_REFUNDED") throw new Error(message);
}

const PURCHASE_STATUS: Record<PurchaseStatus, Bought["status"]> = {
  paid: { text: "Paid", tone: "plain", sign: "waiting" },
  dispatching: { text: "Being dispatched", tone: "plain", sign: "waiting" },
  dispatched: { text: "Dispatched", tone: "good", sign: "done" },
  rejected: { text: "Refused by the warehouse", tone: "bad", sign: "failed" },
  refunded: { text: "Refunded", tone: "quiet", sign: "off" },
};

const ORDER_STATUS: Record<OrderStatus, Bought["status"]> = {
  pending: PURCHASE_STATUS.paid,
  confirmed: PURCHASE_STATUS.dispatched,
  rejected: PURCHASE_STATUS.rejected,
  refunded: PURCHASE_STATUS.refunded,
};
