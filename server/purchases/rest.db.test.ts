import { describe, expect, it } from "vitest";
import { signedInBuyer, startTestApp, type TestApp, type TestUser } from "../app/app.fixture.ts";
import { reconcile } from "../operations/reconcile.ts";
import { eventually } from "../testing/eventually.ts";
import { makeItem } from "../testing/factories.ts";
import { stopClock } from "../testing/stop-clock.ts";
import { createTestDatabase } from "../testing/test-database.ts";

function purchase(app: TestApp, buyer: TestUser, key: string, body: object, path = "/api/purchase/") {
  return app.send(path, { token: buyer.token, headers: { "idempotency-key": key }, body });
}

describe("POST /api/purchase/", () => {
  it("buys, and replays the same answer to the same key", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const buyer = await signedInBuyer(test);
    const itemId = await makeItem(test.database, { stock: 5, priceCents: 1_200 });
    const body = { item_id: itemId, quantity: 2, user_id: buyer.id };
    const first = await purchase(app, buyer, "k", body);
    expect(first.status).toBe(200);
    expect(first.headers.get("idempotency-replayed")).toBeNull();
    expect(first.body).toMatchObject({
      outcome: "purchased",
      amountCents: 2_400,
      remaining: 3,
      position: 1,
      replayed: false,
    });
    const again = await purchase(app, buyer, "k", body, "/api/purchase");
    expect(again.status).toBe(200);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(again.body).toEqual({ ...first.body, replayed: true });
    // The same key through the other door is the same purchase.
    const viaTrpc = await app.mutate("purchases.buy", { itemId, quantity: 2, idempotencyKey: "k" }, buyer.token);
    expect(viaTrpc.body.result.data).toEqual({ ...first.body, replayed: true });
    expect(await reconcile(test.database)).toMatchObject({ ok: true });
  });

  it("answers each refusal with its status, as the decision that it is", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const { database } = test;
    const buyer = await signedInBuyer(test, { balanceCents: 10_000 });
    const live = await makeItem(database, { stock: 3, priceCents: 1_000, limitPerCustomer: 2 });
    await purchase(app, buyer, "bought", { item_id: live });
    const refusals: [key: string, itemId: number, quantity: number, status: number, code: string][] = [
      ["bought", live, 2, 422, "KEY_REUSED"],
      ["a", 999_999, 1, 404, "ITEM_NOT_FOUND"],
      ["b", await makeItem(database, { stock: 1 }, { startsInMs: 60_000 }), 1, 400, "SALE_NOT_STARTED"],
      ["c", await makeItem(database, { stock: 1 }, { startsInMs: -2_000, endsInMs: -1_000 }), 1, 400, "SALE_ENDED"],
      ["d", live, 3, 400, "OUT_OF_STOCK"],
      ["e", live, 2, 400, "LIMIT_REACHED"],
      ["f", await makeItem(database, { stock: 1, priceCents: 9_001 }), 1, 400, "INSUFFICIENT_BALANCE"],
    ];
    for (const [key, itemId, quantity, status, code] of refusals) {
      const answer = await purchase(app, buyer, key, { item_id: itemId, quantity });
      expect({ status: answer.status, body: answer.body }).toEqual({
        status,
        body: { outcome: "refused", code, message: expect.any(String), replayed: false },
      });
    }
    const replayed = await purchase(app, buyer, "e", { item_id: live, quantity: 2 });
    expect([replayed.status, replayed.headers.get("idempotency-replayed")]).toEqual([400, "true"]);
    expect(await reconcile(database)).toMatchObject({ ok: true });
  });

  it("is bounded per buyer, over both doors together, and says when to come again", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test, { LIMIT_PURCHASES_PER_SECOND: "1", LIMIT_PURCHASES_BURST: "4" });
    using _clock = stopClock();
    const buyer = await signedInBuyer(test);
    const other = await signedInBuyer(test);
    const itemId = await makeItem(test.database, { stock: 100 });
    for (const key of ["a", "b"]) expect((await purchase(app, buyer, key, { item_id: itemId })).status).toBe(200);
    for (const idempotencyKey of ["c", "d"]) {
      expect((await app.mutate("purchases.buy", { itemId, idempotencyKey }, buyer.token)).status).toBe(200);
    }
    const rest = await purchase(app, buyer, "e", { item_id: itemId });
    expect(rest).toMatchObject({ status: 429, body: { code: "RATE_LIMITED", retryable: true } });
    expect(rest.headers.get("retry-after")).toMatch(/^[1-9]\d*$/);
    const trpc = await app.mutate("purchases.buy", { itemId, idempotencyKey: "e" }, buyer.token);
    expect(trpc.status).toBe(429);
    expect(trpc.headers.get("retry-after")).toMatch(/^[1-9]\d*$/);
    expect(trpc.body.error.data.retryAfterMs).toBeGreaterThan(0);
    expect((await purchase(app, other, "a", { item_id: itemId })).status).toBe(200);
  });

  it("takes one token for one purchase, however often it is asked for while it waits", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test, { LIMIT_PURCHASES_PER_SECOND: "1", LIMIT_PURCHASES_BURST: "2" });
    const buyer = await signedInBuyer(test);
    const itemId = await makeItem(test.database, { stock: 100 });
    const batcher = app.services.purchaseBatcher;
    // Another session holds the item, so the purchase waits while its duplicates arrive.
    const answers = await test.sql.begin(async (holder) => {
      await holder`select from items where id = ${itemId} for update`;
      const first = purchase(app, buyer, "k", { item_id: itemId });
      const request = { userId: buyer.id, itemId, quantity: 1, idempotencyKey: "k" };
      await eventually("the first is under way", () => batcher.isWaiting(request));
      const rest = Array.from({ length: 19 }, () => purchase(app, buyer, "k", { item_id: itemId }));
      await eventually("its duplicates wait", () => batcher.stats().joined === 19);
      return [first, ...rest];
    });
    const settled = await Promise.all(answers);
    expect(new Set(settled.map(({ status }) => status))).toEqual(new Set([200]));
    expect(settled.filter(({ body }) => !body.replayed)).toHaveLength(1);
    expect((await purchase(app, buyer, "another", { item_id: itemId })).status).toBe(200);
  });
});
