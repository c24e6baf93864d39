import { setTimeout as sleep } from "node:timers/promises";
import { Latencies } from "../../server/load/latencies.ts";
import type { Store } from "../stage/store.ts";

/** Changes of a sale. */
export interface Changes {
  /** What remained after each. */
  readonly remaining: readonly number[];
  /** How long the purchases took. */
  readonly latencies: Latencies;
}

/** Buys over HTTP for so long, ten times a second. @throws when it could not */
export async function makeChanges(shop: Shop, ms: number): Promise<Changes> {
  const startedAt = performance.now();
  const latencies = new Latencies();
  const purchases: Promise<number>[] = [];
  for (let slot = 0; slot * CHANGE_MS < ms; slot++) {
    const dueAt = startedAt + (slot + Math.random()) * CHANGE_MS;
    await sleep(Math.max(0, dueAt - performance.now()));
    const purchase = buy(shop, latencies);
    // Whoever waits for all of them hears of it.
    purchase.catch(() => {});
    purchases.push(purchase);
  }
  return { remaining: await Promise.all(purchases), latencies };
}

/** Somewhere within each tenth of a second: buyers keep no beat. */
const CHANGE_MS = 100;

interface Shop {
  readonly store: Store;
  readonly url: string;
  readonly itemId: number;
}

/** @returns how many remain */
async function buy({ store, url, itemId }: Shop, latencies: Latencies): Promise<number> {
  const buyer = store.buyers[Math.floor(Math.random() * store.buyers.length)];
  const sentAt = performance.now();
  const response = await fetch(`${url}/trpc/purchases.buy`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${buyer?.credential}` },
    body: JSON.stringify({ itemId, idempotencyKey: crypto.randomUUID() }),
  });
  const text = await response.text();
  latencies.add(performance.now() - sentAt);
  const { outcome, remaining } = JSON.parse(text).result?.data ?? {};
  if (outcome !== "purchased") throw new Error(`not a purchase: ${text}`);
  return remaining;
}
