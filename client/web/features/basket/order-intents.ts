import { browserStorage, isPendingIntent, type PendingIntent, PendingIntents } from "../../app/pending-intents.ts";

/** A click on Pay that has no decision yet. Its key is the basket's, so two tabs that pay at once pay once. */
export interface OrderIntent extends PendingIntent {
  readonly lines: readonly { readonly productId: number; readonly quantity: number }[];
  /** The total that the buyer saw. */
  readonly shownCents: number;
}

export const orderIntents = new PendingIntents<OrderIntent>({
  prefix: "doorbuster.order.",
  storage: browserStorage(),
  isIntent: isOrderIntent,
});

function isOrderIntent(value: unknown): value is OrderIntent {
  return (
    isPendingIntent(value) &&
    Number.isSafeInteger(value.shownCents) &&
    Array.isArray(value.lines) &&
    value.lines.length > 0 &&
    value.lines.every((line) => Number.isSafeInteger(line?.productId) && Number.isSafeInteger(line?.quantity))
  );
}
