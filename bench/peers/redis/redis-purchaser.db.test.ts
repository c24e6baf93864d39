import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Purchaser } from "../../../server/purchases/buy.ts";
import { PurchaseBatcher } from "../../../server/purchases/buy.ts";
import { makeBuyers, makeSale } from "../../../server/testing/factories.ts";
import { createTestDatabase } from "../../../server/testing/test-database.ts";
import type { PurchaseResult } from "../../../shared/purchases.ts";
import type { RefusalCode } from "../../../shared/refusals.ts";
import { loadStore } from "./load-store.ts";
import { RedisClient } from "./redis-client.ts";
import { openRedisPurchaser } from "./redis-purchaser.ts";
import { startRedis } from "./start-redis.ts";

/** The peer is only worth comparing with if it decides what the shop decides. */
test.runIf(isInstalled())("Redis answers as the shop does, refusals and replays too", async () => {
  await using shop = await createTestDatabase();
  const { database } = shop;
  const { itemIds } = await makeSale(database, [
    { stock: 5, priceCents: 10 },
    { stock: 100, priceCents: 10, limitPerCustomer: 2 },
    { stock: 100, priceCents: 400 },
  ]);
  const { itemIds: laterIds } = await makeSale(database, [{ stock: 5 }], { startsInMs: 60_000 });
  const userIds = await makeBuyers(database, 4, { balanceCents: 1_000 });
  const ids = [...itemIds, ...laterIds, 999_999];
  const requests = Array.from({ length: 120 }, (_, n) => ({
    userId: userIds[n % 4] ?? "",
    itemId: ids[(n * 7) % ids.length] ?? 0,
    quantity: 1 + (n % 2),
    // Every third key comes again: as a replay, or for something else.
    idempotencyKey: `key-${n % 3 === 0 ? n % 24 : n}`,
  }));

  const folder = await mkdtemp(join(tmpdir(), "doorbuster-redis-"));
  const redis = await startRedis(folder);
  if (redis === "not installed") throw new Error("redis-server went away");
  const client = await RedisClient.open(redis.port);
  try {
    await loadStore(database, client);
    const [theirs, ours] = [await openRedisPurchaser(client), new PurchaseBatcher(database)];
    const answers = await answersOf(theirs, requests);
    expect(answers).toEqual(await answersOf(ours, requests));
    expect(new Set(answers.map((answer) => answer.code ?? answer.outcome))).toEqual(new Set(EVERY_KIND));
  } finally {
    client.close();
    await redis.stop();
    await rm(folder, { recursive: true });
  }
});

const EVERY_KIND = [
  ...["purchased", "KEY_REUSED", "ITEM_NOT_FOUND", "SALE_NOT_STARTED"],
  ...["OUT_OF_STOCK", "LIMIT_REACHED", "INSUFFICIENT_BALANCE"],
];

/** One after the other, without what is each one's own: ids and words. */
async function answersOf(purchaser: Purchaser, requests: Parameters<Purchaser["buy"]>[0][]) {
  const answers: ComparedAnswer[] = [];
  for (const request of requests) {
    const answer: ComparedAnswer = { ...(await purchaser.buy(request)), purchaseId: "", message: "" };
    answers.push(answer);
  }
  return answers;
}

interface ComparedAnswer {
  readonly outcome: PurchaseResult["outcome"];
  readonly code?: RefusalCode;
  readonly purchaseId: string;
  readonly message: string;
}

function isInstalled(): boolean {
  try {
    execFileSync("redis-server", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
