import { browserStorage, isPendingIntent, type PendingIntent, PendingIntents } from "../../app/pending-intents.ts";

/** A top-up that has no answer yet. */
export interface TopUpIntent extends PendingIntent {
  readonly amountCents: number;
}

export const topUpIntents = new PendingIntents<TopUpIntent>({
  prefix: "doorbuster.top-up.",
  storage: browserStorage(),
  isIntent: (value): value is TopUpIntent => isPendingIntent(value) && Number.isSafeInteger(value.amountCents),
});
