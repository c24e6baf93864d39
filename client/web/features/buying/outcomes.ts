import type { PurchaseResult } from "../../../../shared/purchases.ts";
import type { PurchaseIntent } from "./purchase-intents.ts";

/** How an intent ended, to be shown on its item's card until the buyer goes on. */
export type Outcome =
  | { readonly kind: "decided"; readonly intent: PurchaseIntent; readonly result: PurchaseResult }
  /** Turned away before anything was done. */
  | { readonly kind: "failed"; readonly intent: PurchaseIntent; readonly message: string }
  /** An old intent that never reached the shop. */
  | { readonly kind: "lapsed"; readonly intent: PurchaseIntent };

/** The latest outcome of each item, in every tab of this browser. */
export class Outcomes {
  readonly #channel: Channel | undefined;
  readonly #listeners = new Set<() => void>();
  #byItem: ReadonlyMap<number, Outcome> = new Map();

  constructor(channel: Channel | undefined) {
    this.#channel = channel;
  }

  byItem(): ReadonlyMap<number, Outcome> {
    return this.#byItem;
  }

  /** Shows it here and tells the other tabs. */
  report(outcome: Outcome): void {
    this.#channel?.postMessage(outcome);
    this.receive(outcome);
  }

  /** Shows what another tab reported. */
  receive(outcome: Outcome): void {
    this.#set(new Map(this.#byItem).set(outcome.intent.itemId, outcome));
  }

  dismiss(itemId: number): void {
    if (!this.#byItem.has(itemId)) return;
    const next = new Map(this.#byItem);
    next.delete(itemId);
    this.#set(next);
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #set(next: ReadonlyMap<number, Outcome>): void {
    this.#byItem = next;
    for (const listener of this.#listeners) listener();
  }
}

/** What reaches the other tabs; nothing where the browser has no such thing. */
type Channel = Pick<BroadcastChannel, "postMessage">;
