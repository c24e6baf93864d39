import type { OrderResult } from "../../../../shared/orders.ts";
import type { OrderIntent } from "./order-intents.ts";

/** How a checkout ended, to be shown in the basket until the buyer goes on. */
export type OrderOutcome =
  | { readonly kind: "decided"; readonly intent: OrderIntent; readonly result: OrderResult }
  /** Turned away before anything was done. */
  | { readonly kind: "failed"; readonly intent: OrderIntent; readonly message: string }
  /** An old click that never reached the shop. */
  | { readonly kind: "lapsed"; readonly intent: OrderIntent };

export type Placed = Extract<OrderResult, { outcome: "placed" }>;
export type RefusedOrder = Extract<OrderResult, { outcome: "refused" }>;
