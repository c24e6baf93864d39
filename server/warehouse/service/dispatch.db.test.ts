import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../../testing/eventually.ts";
import { hold } from "../../testing/hold.ts";
import { createTestDatabase, type TestDatabase } from "../../testing/test-database.ts";
import {
  expectHistoryToAddUp,
  meetAt,
  startTestWarehouse,
  type TestWarehouse,
  WAREHOUSE_SCHEMA,
} from "./warehouse.fixture.ts";

let test: TestDatabase;
let warehouse: TestWarehouse;

beforeAll(async () => {
  test = await createTestDatabase();
  warehouse = await startTestWarehouse(test);
});

afterAll(async () => {
  await expectHistoryToAddUp(test);
  await warehouse.close();
  await test[Symbol.asyncDispose]();
});

describe("a dispatch", () => {
  it("takes the units out of the stock and tells how it changed", async () => {
    await warehouse.receive("r1", [[1, 100]]);
    const { status, body } = await warehouse.dispatch("d1", [[1, 30]], "order-1");
    expect(status).toBe(200);
    expect(body).toEqual({
      outcome: "done",
      reference: "order-1",
      updates: [{ productId: 1, quantityChange: -30, previousStock: 100, newStock: 70 }],
      replayed: false,
    });
    expect(await warehouse.stockOf(1)).toBe(70);
  });

  it("answers its key again with what was answered first, and takes nothing more", async () => {
    await warehouse.receive("r2", [[2, 10]]);
    const first = await warehouse.dispatch("d2", [[2, 4]]);
    await warehouse.dispatch("d2-between", [[2, 1]]);
    const again = await warehouse.dispatch("d2", [[2, 4]]);
    expect(again.status).toBe(200);
    expect(again.body).toEqual({ ...first.body, replayed: true });
    expect(await warehouse.stockOf(2)).toBe(5);
  });

  it("happens once when one key comes twenty times at the same time", async () => {
    await warehouse.receive("r3", [[3, 100]]);
    const answers = await meetAt(test, { productId: 3, waiting: 1 }, () =>
      Promise.all(Array.from({ length: 20 }, () => warehouse.dispatch("d3", [[3, 7]]))),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(answers.filter(({ body }) => !body.replayed)).toHaveLength(1);
    const [first] = answers;
    for (const { body } of answers) expect({ ...body, replayed: null }).toEqual({ ...first?.body, replayed: null });
    expect(await warehouse.stockOf(3)).toBe(93);
  });

  it("happens once when one key comes to two services at the same time, the second of which waits for the first", async () => {
    await using second = await startTestWarehouse(test);
    await warehouse.receive("r8", [[8, 100]]);
    const services = [warehouse, second];
    const sent: Promise<unknown>[] = [];
    const answers = await meetAt(
      test,
      { productId: 8, waiting: 1 },
      async () => {
        const first = warehouse.dispatch("d8", [[8, 7]]);
        sent.push(first);
        return [await first];
      },
      async () => {
        sent.push(...services.map((service) => service.dispatch("d8", [[8, 7]])));
        // At the key, before it has done anything that would have to be undone.
        await eventually("the second service waits", async () => (await waitingAtKeys()) === 1);
      },
    );
    expect(answers).toMatchObject([{ status: 200, body: { replayed: false } }]);
    expect(await Promise.all(sent)).toMatchObject([
      { status: 200, body: { replayed: false } },
      { status: 200, body: { replayed: true } },
      { status: 200, body: { replayed: true } },
    ]);
    expect(await warehouse.stockOf(8)).toBe(93);
  });

  it("adds up the lines of one product", async () => {
    await warehouse.receive("r4", [[4, 10]]);
    const short = await warehouse.dispatch("d4-short", [
      [4, 6],
      [4, 6],
    ]);
    expect(short.body).toMatchObject({ code: "SHORTAGE", products: [{ productId: 4, requested: 12, available: 10 }] });
    const done = await warehouse.dispatch("d4", [
      [4, 6],
      [4, 3],
    ]);
    expect(done.body).toMatchObject({
      updates: [{ productId: 4, quantityChange: -9, previousStock: 10, newStock: 1 }],
    });
  });

  it("takes a thousand products at once, in the order of products", async () => {
    const lines = Array.from({ length: 1_000 }, (_, index) => [10_000 + index, 2] as const);
    expect((await warehouse.receive("r5", lines)).status).toBe(200);
    const { status, body } = await warehouse.dispatch("d5", lines.toReversed());
    expect(status).toBe(200);
    const { updates } = body as { updates: { productId: number }[] };
    expect(updates.map(({ productId }) => productId)).toEqual(lines.map(([productId]) => productId));
  });
});

describe("a key whose record appears while its dispatch is under way", () => {
  it("is answered by that record, and nothing is taken", async () => {
    await warehouse.receive("r6", [[6, 10]]);
    const first = await warehouse.dispatch("d6-elsewhere", [[6, 1]], "for-d6");
    const { status, body } = await meetAt(
      test,
      { productId: 6, waiting: 1 },
      () => warehouse.dispatch("d6", [[6, 1]]),
      // As a node of a cluster does, whose advisory locks this one does not see.
      () => test.sql`
        insert into ${test.sql(WAREHOUSE_SCHEMA)}.idempotency_records (key, fingerprint, response_data)
        select 'd6', fingerprint, response_data from ${test.sql(WAREHOUSE_SCHEMA)}.idempotency_records
        where key = 'd6-elsewhere'`,
    );
    expect([status, body]).toEqual([200, { ...first.body, replayed: true }]);
    expect(await warehouse.stockOf(6)).toBe(9);
  });
});

describe("a refusal", () => {
  it("of a shortage changes nothing, of no product, and names those that are short", async () => {
    await warehouse.receive("r10", [
      [10, 5],
      [11, 5],
    ]);
    const { status, body } = await warehouse.dispatch("d10", [
      [10, 5],
      [11, 6],
    ]);
    expect(status).toBe(409);
    expect(body).toEqual({
      outcome: "refused",
      code: "SHORTAGE",
      message: "The warehouse has too few units of product 11.",
      products: [{ productId: 11, requested: 6, available: 5 }],
      replayed: false,
    });
    expect([await warehouse.stockOf(10), await warehouse.stockOf(11)]).toEqual([5, 5]);
    expect(await updatesOf("d10")).toBe(0);
  });

  it("stays for ever under its key, even when the goods have arrived", async () => {
    await warehouse.receive("r12", [[12, 1]]);
    const first = await warehouse.dispatch("d12", [[12, 2]]);
    await warehouse.receive("r12-more", [[12, 10]]);
    const again = await warehouse.dispatch("d12", [[12, 2]]);
    expect(again.status).toBe(409);
    expect(again.body).toEqual({ ...first.body, replayed: true });
    expect(await warehouse.stockOf(12)).toBe(11);
  });

  it("of an unknown product comes before a shortage of another, and changes nothing", async () => {
    await warehouse.receive("r13", [[13, 1]]);
    const lines = [
      [13, 2],
      [999_999, 1],
    ] as const;
    const { status, body } = await warehouse.dispatch("d13", lines);
    expect(status).toBe(404);
    expect(body).toMatchObject({
      code: "UNKNOWN_PRODUCT",
      products: [{ productId: 999_999, requested: 1, available: 0 }],
      replayed: false,
    });
    const again = await warehouse.dispatch("d13", lines);
    expect([again.status, again.body.replayed]).toEqual([404, true]);
    expect(await warehouse.stockOf(13)).toBe(1);
  });

  it("of a key that was used for something else is not stored", async () => {
    await warehouse.receive("r14", [[14, 10]]);
    await warehouse.dispatch("d14", [[14, 1]]);
    for (const other of [
      () => warehouse.dispatch("d14", [[14, 2]]),
      () => warehouse.dispatch("d14", [[14, 1]], "another-reference"),
      () => warehouse.receive("d14", [[14, 1]]),
    ]) {
      const { status, body } = await other();
      expect(status).toBe(422);
      expect(body).toMatchObject({ outcome: "refused", code: "KEY_REUSED", products: [], replayed: false });
    }
    expect(await warehouse.dispatch("d14", [[14, 1]])).toMatchObject({ status: 200, body: { replayed: true } });
    expect(await warehouse.stockOf(14)).toBe(9);
  });
});

describe("a dispatch that has to wait", () => {
  it("for longer than its caller would, fails without having changed anything", async () => {
    await warehouse.receive("r15", [[15, 10]]);
    const holder = await hold(test, `select from ${WAREHOUSE_SCHEMA}.products where product_id = 15 for update`);
    const failed = await warehouse.dispatch("d15", [[15, 1]]);
    await holder.release();
    expect(failed.status).toBe(503);
    expect(await warehouse.stockOf(15)).toBe(10);
    expect(await warehouse.dispatch("d15", [[15, 1]])).toMatchObject({ status: 200, body: { replayed: false } });
  });

  it("happens even if its caller has gone, and answers the same key when it comes again", async () => {
    await warehouse.receive("r16", [[16, 10]]);
    const caller = new AbortController();
    const request = {
      headers: { "idempotency-key": "d16" },
      body: { reference: "for-d16", lines: [{ productId: 16, quantity: 1 }] },
      signal: caller.signal,
    };
    const given = meetAt(
      test,
      { productId: 16, waiting: 1 },
      () => warehouse.send("/inventory/dispatch", request),
      () => caller.abort(),
    );
    await expect(given).rejects.toThrow("aborted");
    await eventually("it has happened", async () => (await updatesOf("d16")) === 1);
    expect(await warehouse.dispatch("d16", [[16, 1]])).toMatchObject({ status: 200, body: { replayed: true } });
    expect(await warehouse.stockOf(16)).toBe(9);
  });
});

describe("many at once", () => {
  it("sell the last unit once", async () => {
    await warehouse.receive("r20", [[20, 10]]);
    const answers = await meetAt(test, { productId: 20, waiting: 1 }, () =>
      Promise.all(Array.from({ length: 40 }, (_, n) => warehouse.dispatch(`d20-${n}`, [[20, 1]]))),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(30);
    expect(await warehouse.stockOf(20)).toBe(0);
  });

  it("do not wait for each other in a circle, whatever the order of their products", async () => {
    const products = [21, 22, 23, 24];
    await warehouse.receive(
      "r21",
      products.map((id) => [id, 1_000]),
    );
    const retries = "doorbuster_warehouse_transaction_retries_total";
    const before = await warehouse.metric(retries);
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, n) => {
        const lines = (n % 2 ? products : products.toReversed()).map((id) => [id, 1] as const);
        return n % 3 === 0 ? warehouse.receive(`x21-${n}`, lines) : warehouse.dispatch(`x21-${n}`, lines);
      }),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(60).fill(200));
    // A circle would have been broken by the database, and the transaction run again.
    expect(await warehouse.metric(retries)).toBe(before);
    for (const id of products) expect(await warehouse.stockOf(id)).toBe(1_000 + 20 - 40);
  });

  it("take the same stock through two services on one database", async () => {
    await using second = await startTestWarehouse(test);
    await warehouse.receive("r25", [[25, 100]]);
    const answers = await meetAt(test, { productId: 25, waiting: 2 }, () =>
      Promise.all(
        Array.from({ length: 40 }, (_, n) => (n % 2 ? warehouse : second).dispatch(`d25-${n >> 1}`, [[25, 3]])),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(40).fill(200));
    expect(answers.filter(({ body }) => body.replayed)).toHaveLength(20);
    expect(await second.stockOf(25)).toBe(40);
  });
});

async function updatesOf(key: string): Promise<number> {
  const [row] = await test.sql`
    select count(*)::int as updates from ${test.sql(WAREHOUSE_SCHEMA)}.inventory_updates where idempotency_key = ${key}`;
  return row?.updates;
}

async function waitingAtKeys(): Promise<number> {
  const [row] = await test.sql`
    select count(*)::int as waiting from pg_locks
    where locktype = 'advisory' and not granted
      and database = (select oid from pg_database where datname = current_database())`;
  return row?.waiting;
}
