import { browserStorage, isPendingIntent, type PendingIntent, PendingIntents } from "../../app/pending-intents.ts";

/** A click on Buy that has no decision yet. */
export interface PurchaseIntent extends PendingIntent {
  readonly itemId: number;
  readonly quantity: number;
  /** What the buyer saw; missing in those of an earlier version. */
  readonly itemName?: string;
  readonly shownCents?: number;
}

export const purchaseIntents = new PendingIntents<PurchaseIntent>({
  prefix: "doorbuster.purchase.",
  storage: browserStorage(),
  isIntent: isPurchaseIntent,
});

function isPurchaseIntent(value: unknown): value is PurchaseIntent {
  return isPendingIntent(value) && Number.isSafeInteger(value.itemId) && Number.isSafeInteger(value.quantity);
}
