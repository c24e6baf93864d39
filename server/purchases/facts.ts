import type { PurchaseResult } from "../../shared/purchases.ts";
import type { SaleTimes } from "../sales/sale-status.ts";

/** A request to buy, with the id that its attempt will have. */
export interface BuyRequest {
  readonly id: string;
  readonly userId: string;
  readonly itemId: number;
  /** Units, at least 1. */
  readonly quantity: number;
  readonly idempotencyKey: string;
}

/** The item as its locked row says, with the sale as read after the lock. Money in minor units, times in ms. */
export interface ItemFacts {
  readonly id: number;
  readonly priceCents: number;
  readonly currency: string;
  readonly remaining: number;
  readonly limitPerCustomer: number | null;
  readonly lastPosition: number;
  readonly lastSoldAtMs: number | null;
  readonly sale: SaleTimes;
}

/** Everything that the decision depends on, read under the locks. */
export interface Facts {
  /** The items that are asked for, by id; those that do not exist are absent. */
  readonly items: ReadonlyMap<number, ItemFacts>;
  /** The database's clock, read after the locks. */
  readonly nowMs: number;
  /** Whether each user who asks is active; users who do not exist are absent. */
  readonly customers: ReadonlyMap<string, boolean>;
  /** Balances of the locked wallets, by user. */
  readonly balances: ReadonlyMap<string, number>;
  /** Units of an item that a user bought and still holds, by `heldKey`; read only for items with a limit. */
  readonly held: ReadonlyMap<string, number>;
  /** Attempts decided earlier with one of these keys, by `scopedKey`. */
  readonly decided: ReadonlyMap<string, DecidedAttempt>;
}

export interface DecidedAttempt {
  readonly fingerprint: string;
  readonly result: PurchaseResult;
}
