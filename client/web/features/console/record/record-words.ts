import type { OrderStatus } from "../../../../../shared/orders.ts";
import type { CreditKind } from "../../../../../shared/record.ts";
import type { SignName, Tone } from "../tag.tsx";
import type { RecordListName } from "./record-filter.ts";

export const LIST_WORDS: Record<RecordListName, string> = {
  attempts: "Attempts",
  orders: "Orders",
  refunds: "Refunds",
  credits: "Credits",
  changes: "Changes",
};

export const CREDIT_WORDS: Record<CreditKind, string> = {
  opening: "Opening balance",
  top_up: "Top-up",
  credit: "Credit",
};

export const ORDER_STATUS_WORDS: Record<OrderStatus, { text: string; tone: Tone; sign: SignName }> = {
  pending: { text: "Paid", tone: "plain", sign: "waiting" },
  confirmed: { text: "Dispatched", tone: "good", sign: "done" },
  rejected: { text: "Rejected", tone: "bad", sign: "failed" },
  refunded: { text: "Refunded", tone: "quiet", sign: "off" },
};
