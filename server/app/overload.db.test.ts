import { expect, it } from "vitest";
import { FAULTS } from "../../shared/faults.ts";
import type { PurchaseResult } from "../../shared/purchases.ts";
import type { FaultBody } from "../../shared/rest.ts";
import type { Auth } from "../accounts/auth.ts";
import { CredentialSigner } from "../accounts/credential.ts";
import { mintTokens } from "../accounts/mint-tokens.ts";
import { reconcile } from "../operations/reconcile.ts";
import { createLogger } from "../processes/logger.ts";
import { PurchaseBatcher, type PurchaseBatcherOptions } from "../purchases/buy.ts";
import { readConfig } from "../settings/config.ts";
import { eventually } from "../testing/eventually.ts";
import { makeItem } from "../testing/factories.ts";
import { hold } from "../testing/hold.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { startTestApp, TEST_SECRET } from "./app.fixture.ts";
import { createApp } from "./create-app.ts";

it("answers a crowd at a full line to the last, sells to others meanwhile, and to whoever comes again with their key", async () => {
  await using test = await createTestDatabase();
  await using shop = await startShop(test, { queueLengthMax: 20 });
  const [hot, other] = [await makeItem(test.database, { stock: 50 }), await makeItem(test.database, { stock: 10 })];
  const tokens = await makeTokens(test, 200);
  const { release } = await hold(test, `select from items where id = ${hot} for update`);
  const crowd = tokens.map((token, index) => shop.buy({ token, itemId: hot, by: index % 2 ? "tRPC" : "REST" }));
  await eventually("the queue is full", () => shop.batcher.stats().waiting === 20);
  await eventually("most are refused at once", () => shop.answered() >= 100);
  expect(await shop.buy({ token: tokens[0] ?? "", itemId: other, by: "tRPC" })).toMatchObject({ outcome: "purchased" });
  await release();

  const answers = await Promise.all(crowd);
  const refusals = answers.filter((answer) => "retryable" in answer);
  expect(refusals.length).toBeGreaterThanOrEqual(100);
  for (const refusal of refusals) {
    expect(refusal).toMatchObject({ status: 503, retryable: true, message: FAULTS.OVERLOADED.message });
    expect(refusal.retryAfterMs).toBeGreaterThanOrEqual(1_000);
    expect(refusal.retryAfter).toBe(String(Math.ceil((refusal.retryAfterMs ?? 0) / 1_000)));
  }
  // A crowd is no reason to fill the log.
  expect(shop.logged().filter((line) => line.includes("OVERLOADED"))).toHaveLength(1);

  const decided: PurchaseResult[] = [];
  for (const [index, token] of tokens.entries()) {
    const again = await shop.buy({ token, itemId: hot, by: index % 2 ? "tRPC" : "REST" });
    if ("retryable" in again) throw new Error("nobody else waits");
    const first = answers[index];
    if (first && "outcome" in first) expect(again).toEqual({ ...first, replayed: true });
    decided.push(again);
  }
  const positions = decided.flatMap((result) => (result.outcome === "purchased" ? [result.position] : []));
  expect(positions.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
  expect(await reconcile(test.database)).toMatchObject({ ok: true });
});

it("answers whoever has waited too long while the queue does not move, and leaves nothing behind for them", async () => {
  await using test = await createTestDatabase();
  await using shop = await startShop(test, { waitMsMax: 100, batchMax: 1 });
  const itemId = await makeItem(test.database, { stock: 50 });
  const tokens = await makeTokens(test, 30);
  const { release } = await hold(test, `select from items where id = ${itemId} for update`);
  const crowd = tokens.map((token) => shop.buy({ token, itemId, by: "tRPC" }));
  await eventually("all but those that are being settled have heard", () => shop.answered() >= 20);
  await release();
  const answers = await Promise.all(crowd);
  const bought = answers.filter((answer) => "outcome" in answer);
  expect(bought.length).toBeLessThanOrEqual(10);
  const [count] = await test.sql`select count(*)::int as attempts from purchase_attempts`;
  expect(count?.attempts).toBe(bought.length);
  expect(await reconcile(test.database)).toMatchObject({ ok: true });
});

type Refusal = FaultBody & { readonly status: number; readonly retryAfter: string | null };
interface Wish {
  readonly token: string;
  readonly itemId: number;
  readonly by: "tRPC" | "REST";
}

/** The product with a batcher of its own. */
async function startShop(test: TestDatabase, options: Partial<PurchaseBatcherOptions>) {
  const product = await startTestApp(test);
  const batcher = new PurchaseBatcher(test.database, options);
  const lines: string[] = [];
  const app = await createApp({
    config: readConfig({}),
    services: { ...product.services, purchaseBatcher: batcher },
    auth: {} as Auth,
    signer: new CredentialSigner(TEST_SECRET),
    logger: createLogger({ mode: "production", logLevel: "info" }, { write: (line) => void lines.push(line) }),
    isDraining: () => false,
  });
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  let answered = 0;

  /** Each buyer has one key. */
  async function buy({ token, itemId, by }: Wish): Promise<PurchaseResult | Refusal> {
    const idempotencyKey = `for-${itemId}`;
    const response = await fetch(by === "tRPC" ? `${url}/trpc/purchases.buy` : `${url}/api/purchase/`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${token}`,
        "idempotency-key": idempotencyKey,
      },
      body: JSON.stringify(by === "tRPC" ? { itemId, idempotencyKey } : { item_id: itemId }),
    });
    const body = await response.json();
    answered += 1;
    const decision = by === "tRPC" ? body.result?.data : body;
    if (decision?.outcome) return decision;
    const fault = by === "tRPC" ? { ...body.error.data, message: body.error.message } : body;
    return { ...fault, status: response.status, retryAfter: response.headers.get("retry-after") };
  }

  return {
    batcher,
    buy,
    answered: () => answered,
    logged: () => lines,
    async [Symbol.asyncDispose]() {
      await app.close();
      await batcher.close();
      await product[Symbol.asyncDispose]();
    },
  };
}

async function makeTokens(test: TestDatabase, count: number): Promise<string[]> {
  const minting = { database: test.database, signer: new CredentialSigner(TEST_SECRET) };
  const minted = await mintTokens(minting, { count, balanceCents: 1_000_000 });
  return minted.map(({ credential }) => String(credential));
}
