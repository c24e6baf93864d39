import { useSyncExternalStore } from "react";
import { newIdempotencyKey } from "../../../sdk/index.ts";
import { browserStorage } from "../../app/pending-intents.ts";
import { type Basket, countOf } from "./basket.ts";
import { BasketStore } from "./basket-store.ts";

export const basketStore = new BasketStore({ storage: browserStorage(), newKey: newIdempotencyKey });

/** The basket, in step with all tabs. */
export function useBasket(): Basket {
  return useSyncExternalStore(subscribe, snapshot);
}

/** One value of the basket. What shows it is rendered again when that value changes, whatever else does. */
export function useOfBasket<Value extends number | boolean>(select: (basket: Basket) => Value): Value {
  return useSyncExternalStore(subscribe, () => select(basketStore.snapshot()));
}

/** Units in the basket. */
export function useBasketCount(): number {
  return useOfBasket(countOf);
}

let subscribers = 0;

function subscribe(listener: () => void): () => void {
  if (subscribers++ === 0) window.addEventListener("storage", onStorage);
  const unsubscribe = basketStore.subscribe(listener);
  return () => {
    unsubscribe();
    if (--subscribers === 0) window.removeEventListener("storage", onStorage);
  };
}

function snapshot(): Basket {
  return basketStore.snapshot();
}

function onStorage(event: StorageEvent): void {
  basketStore.noteStorageEvent(event);
}
