import type { PurchaseResult } from "../../shared/purchases.ts";
import type { DeskStats } from "./combine.ts";
import type { BuyRequest } from "./facts.ts";

/** Where purchases are handed in. */
export interface Desk {
  /** See `PurchaseDesk.buy`. */
  buy(input: Omit<BuyRequest, "id">): Promise<PurchaseResult>;
  /** Whether the same request, by key and input, is under way in this process. */
  isWaiting(input: Omit<BuyRequest, "id">): boolean;
  stats(): DeskStats;
  /** Takes no more requests and resolves when all that were taken are answered. */
  close(): Promise<void>;
}
