import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { products } from "../../drizzle/schema/index.ts";
import { signedInBuyer, signedInOperator, startTestApp } from "../app/app.fixture.ts";
import { sqlStateOf } from "../database/sqlstate.ts";
import { reconcile } from "../operations/reconcile.ts";
import { makeItem } from "../testing/factories.ts";
import { hold } from "../testing/hold.ts";
import { createTestDatabase } from "../testing/test-database.ts";
import { openReads, PUBLIC_READS } from "./open-services.ts";

describe("reads", () => {
  it("can change nothing, and have limits that hold in each of their transactions", async () => {
    await using test = await createTestDatabase();
    const { publicReads, operatorReads, close } = await openReads(test);
    for (const [reads, limit] of [
      [publicReads, "500ms"],
      [operatorReads, "5s"],
    ] as const) {
      const setting = sql`select current_setting('statement_timeout') as value`;
      expect([...(await reads.db.execute(setting))]).toEqual([{ value: limit }]);
      expect([...(await reads.withTransaction((tx) => tx.execute(setting)))]).toEqual([{ value: limit }]);
      const change = reads.db.insert(products).values({ name: "Lamp", priceCents: 1 });
      expect(await change.then(() => undefined, sqlStateOf)).toBe(READ_ONLY_TRANSACTION);
    }
    await close();
  });

  it("of everybody that take too long are ended, and told so in words that say when to come again", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    await using _held = await hold(test, "lock table products in access exclusive mode");
    const answer = await app.query("products.list");
    expect(answer.status).toBe(503);
    expect(answer.body.error.data).toMatchObject({ reason: "OVERLOADED", retryable: true });
    expect(answer.headers.get("retry-after")).toBe("1");
  });

  it("that all hang keep nobody from buying, nor operators from looking", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const [buyer, operator] = [await signedInBuyer(test), await signedInOperator(test)];
    const itemId = await makeItem(test.database, { stock: 100 });
    const crowd = async () => {
      await using _held = await hold(test, "lock table products in access exclusive mode");
      const asked = Array.from({ length: 10 * PUBLIC_READS.poolSize }, () => app.query("products.list"));
      for (let n = 0; n < 10; n++) {
        const bought = await app.mutate("purchases.buy", { itemId, idempotencyKey: `k${n}` }, buyer.token);
        expect(bought.body.result.data.outcome).toBe("purchased");
        expect((await app.query("audit.list", {}, operator.token)).status).toBe(200);
      }
      // Before it is let go.
      return await Promise.all(asked);
    };
    for (const { status } of await crowd()) expect(status).toBe(503);
    expect((await app.query("products.list")).status).toBe(200);
    expect(await reconcile(test.database)).toMatchObject({ ok: true });
  });

  it("of who one is that all hang keep nobody from buying either", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const buyer = await signedInBuyer(test);
    const itemId = await makeItem(test.database, { stock: 100 });
    const whoAmI = () => app.send("/api/auth/get-session", { token: buyer.token });
    expect((await whoAmI()).body.user.id).toBe(buyer.id);
    await using _held = await hold(test, "lock table sessions in access exclusive mode");
    // More than the shop has connections to buy with.
    const asked = Array.from({ length: 60 }, whoAmI);
    const bought = await app.mutate("purchases.buy", { itemId, idempotencyKey: "k" }, buyer.token);
    expect(bought.body.result.data.outcome).toBe("purchased");
    for (const { status } of await Promise.all(asked)) expect(status).toBe(503);
  });

  it("of operators that all hang keep nobody from looking at a sale", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const { token } = await signedInOperator(test);
    await using _held = await hold(test, "lock table audit_log in access exclusive mode");
    const asked = Array.from({ length: 5 }, () => app.query("audit.list", {}, token));
    expect((await app.query("sales.list")).status).toBe(200);
    for (const { status } of await Promise.all(asked)) expect(status).toBe(503);
  });
});

const READ_ONLY_TRANSACTION = "25006";
