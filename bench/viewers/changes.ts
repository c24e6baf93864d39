import { setTimeout as sleep } from "node:timers/promises";
import { openConnections } from "../crowd/open-connections.ts";
import { hotWork } from "../figures/hot-item.ts";
import type { Connection } from "../load/connection.ts";
import { Histogram } from "../load/histogram.ts";
import { requestFactory } from "../load/requests.ts";
import type { Store } from "../stage/store.ts";
import type { Stage } from "../stage.ts";

/** Changes of a sale: purchases over HTTP, ten a second. */
export interface ChangeMaker {
  make(ms: number): Promise<Changes>;
}

export interface Changes {
  /** What remained after each. */
  readonly remaining: readonly number[];
  /** How long the purchases took. */
  readonly latencies: Histogram;
}

interface Shop {
  readonly store: Store;
  readonly url: string;
  readonly itemId: number;
}

export async function openChangeMaker(stage: Stage, shop: Shop): Promise<ChangeMaker> {
  const buyers = await openBuyers(shop);
  stage.onEnd(() => buyers.close());
  return {
    async make(ms) {
      const startedAt = performance.now();
      const latencies = new Histogram();
      const purchases: Promise<number>[] = [];
      for (let slot = 0; slot * CHANGE_MS < ms; slot++) {
        const dueAt = startedAt + (slot + Math.random()) * CHANGE_MS;
        await sleep(Math.max(0, dueAt - performance.now()));
        const sentAt = performance.now();
        const purchase = buyers.buy().then((remaining) => {
          latencies.add(performance.now() - sentAt);
          return remaining;
        });
        // Whoever waits for all of them hears of it.
        purchase.catch(() => {});
        purchases.push(purchase);
      }
      return { remaining: await Promise.all(purchases), latencies };
    },
  };
}

/** Somewhere within each tenth of a second: buyers keep no beat. */
const CHANGE_MS = 100;

interface Buyers {
  /** Buys one unit. @returns how many remain */
  buy(): Promise<number>;
  close(): Promise<void>;
}

/** Each connection has had its answer before its turn comes again. */
async function openBuyers({ store, url, itemId }: Shop): Promise<Buyers> {
  const { hostname: host, port } = new URL(url);
  const credentials = store.buyers.map(({ credential }) => credential);
  const makeRequest = requestFactory(hotWork(itemId), credentials, `${host}:${port}`);
  const waiting = new Map<Connection, PromiseWithResolvers<string>>();
  const connections = await openConnections(
    {
      host,
      port: Number(port),
      onAnswer: (connection, { body }) => waiting.get(connection)?.resolve(body),
      onLost(error) {
        for (const { reject } of waiting.values()) reject(error);
      },
    },
    CONNECTIONS,
  );
  const free = [...connections];
  return {
    async buy() {
      const connection = free.shift();
      if (!connection) throw new Error(`the last ${CONNECTIONS} purchases were not answered`);
      const answer = Promise.withResolvers<string>();
      waiting.set(connection, answer);
      connection.send(makeRequest(), performance.now());
      const body = await answer.promise;
      free.push(connection);
      const { outcome, remaining } = JSON.parse(body).result?.data ?? {};
      if (outcome !== "purchased") throw new Error(`not a purchase: ${body}`);
      return remaining;
    },
    async close() {
      await Promise.all(connections.map((connection) => connection.finish(0)));
    },
  };
}

const CONNECTIONS = 50;
