import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reconcile } from "../operations/reconcile.ts";
import { eventually } from "../testing/eventually.ts";
import { makeSale } from "../testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { buyOnce, countTo, makeTokens, positions } from "./crowd.fixture.ts";
import { type ShopProcesses, startShop } from "./shop.fixture.ts";

/* The shop in one process and in two: processes of their own, asked over HTTP. */

describe.each([{ PROCESSES: "1" }, { PROCESSES: "2" }, { PROCESSES: "2", PURCHASES_MEET: "false" }])(
  "with %j",
  (env) => {
    let test: TestDatabase;
    let shop: ShopProcesses;
    beforeAll(async () => {
      test = await createTestDatabase();
      // It then logs each request that comes in.
      shop = await startShop(test, { ...env, LOG_LEVEL: "debug" });
    });
    afterAll(async () => {
      await shop[Symbol.asyncDispose]();
      await test[Symbol.asyncDispose]();
    });

    it("sells a crowd exactly the stock, of several items at once", async () => {
      const { itemIds } = await makeSale(test.database, [{ stock: 60 }, { stock: 40 }, { stock: 1 }]);
      const tokens = await makeTokens(test, 150);
      const answers = await Promise.all(
        itemIds.map((itemId) =>
          Promise.all(tokens.map((token) => buyOnce(shop.url, { token, itemId, key: `crowd-${itemId}` }))),
        ),
      );
      expect(answers.map(positions)).toEqual([countTo(60), countTo(40), [1]]);
      expect(await reconcile(test.database)).toMatchObject({ ok: true });
    });

    it("decides once about a key that is sent 20 times at once over as many connections", async () => {
      const { itemIds } = await makeSale(test.database, [{ stock: 100 }, { stock: 100 }]);
      const [token = ""] = await makeTokens(test, 1);
      for (const itemId of itemIds) {
        const wish = { token, itemId, key: `twenty-${itemId}` };
        const answers = await Promise.all(Array.from({ length: 20 }, () => buyOnce(shop.url, wish)));
        expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
        expect(new Set(answers.map((answer) => JSON.stringify({ ...answer, replayed: true }))).size).toBe(1);
      }
      expect(await reconcile(test.database)).toMatchObject({ ok: true });
    });

    it("answers what is under way when it is told to stop, and leaves no process behind", async () => {
      const { itemIds } = await makeSale(test.database, [{ stock: 30 }, { stock: 30 }]);
      const tokens = await makeTokens(test, 40);
      const incoming = () => shop.printed().match(/"\/trpc\/purchases\.buy"[^\n]*came in/g)?.length ?? 0;
      const before = incoming();
      const buying = await test.sql.begin(async (holder) => {
        await holder`select from items where id = any(${itemIds}) for update`;
        const sent = tokens.map((token, index) =>
          buyOnce(shop.url, { token, itemId: itemIds[index % 2] ?? 0, key: "last" }),
        );
        await eventually("all have come in", () => incoming() - before >= 40);
        shop.main.kill("SIGTERM");
        await eventually("nobody new is let in", () =>
          fetch(`${shop.url}/health/live`, { headers: { connection: "close" } }).then(
            () => false,
            () => true,
          ),
        );
        return sent;
      });
      const answers = await Promise.all(buying);
      for (const half of [0, 1]) {
        expect(positions(answers.filter((_, index) => index % 2 === half))).toEqual(countTo(20));
      }
      expect(await shop.ended).toBe(0);
      expect(await reconcile(test.database)).toMatchObject({ ok: true });
    });
  },
);
