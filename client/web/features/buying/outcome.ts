import type { PurchaseResult } from "../../../../shared/purchases.ts";
import type { PurchaseIntent } from "./purchase-intents.ts";

/** How an intent ended, to be shown on its item's card until the buyer goes on. */
export type Outcome =
  | { readonly kind: "decided"; readonly intent: PurchaseIntent; readonly result: PurchaseResult }
  /** Turned away before anything was done. */
  | { readonly kind: "failed"; readonly intent: PurchaseIntent; readonly message: string }
  /** An old intent that never reached the shop. */
  | { readonly kind: "lapsed"; readonly intent: PurchaseIntent };
