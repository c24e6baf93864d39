import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDoorbusterClient } from "../client/sdk/index.ts";
import { signedInOperator } from "../server/app/app.fixture.ts";
import { choosePort } from "../server/database/embedded/choose-port.ts";
import { reconcile } from "../server/operations/reconcile.ts";
import { buy, buyOnce, countTo, makeTokens, positions, type Wish } from "../server/start/crowd.fixture.ts";
import { type ShopProcesses, startShop } from "../server/start/shop.fixture.ts";
import { eventually } from "../server/testing/eventually.ts";
import { makeItem, makeSale } from "../server/testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "../server/testing/test-database.ts";
import { hasProxy, PROXIES, type RunningProxy, startProxy } from "./proxy.fixture.ts";

/* Two starts of the shop behind the real proxies, with the files of this folder. Who decided is counted by each start. */

const METRICS_TOKEN = "a-token-for-metrics";

for (const name of PROXIES) {
  const isHere = hasProxy(name);
  describe.skipIf(!isHere)(isHere ? `behind ${name}` : `${name} is not installed, and only root can install it`, () => {
    let test: TestDatabase;
    let proxy: RunningProxy;
    const ports: number[] = [];
    const shops: ShopProcesses[] = [];
    /** The start at one of the two ports. */
    const start = async (which: number) => {
      const env = { PORT: String(ports[which]), TRUST_PROXY: "1", METRICS_TOKEN, LOG_LEVEL: "debug" };
      shops[which] = await startShop(test, env);
    };
    beforeAll(async () => {
      test = await createTestDatabase();
      ports.push(await choosePort(undefined), await choosePort(undefined));
      await Promise.all([start(0), start(1)]);
      proxy = await startProxy(name, [urlOf(0), urlOf(1)]);
    });
    afterAll(async () => {
      await proxy?.[Symbol.asyncDispose]();
      await Promise.all(shops.map((shop) => shop[Symbol.asyncDispose]()));
      await test?.[Symbol.asyncDispose]();
    });

    it("brings the purchases of one item to one start, whoever sends them, and those of many items to both", async () => {
      const { itemIds } = await makeSale(test.database, Array(ITEMS).fill({ stock: 100 }));
      const tokens = await makeTokens(test, 10);
      const owners = new Set<number>();
      for (const itemId of itemIds) {
        const before = await decided();
        await Promise.all(
          tokens.map((token) => buyOnce(proxy.url, { token, itemId, key: `k${itemId}`, header: true })),
        );
        const counts = (await decided()).map((count, which) => count - (before[which] ?? 0));
        expect(counts.toSorted((a, b) => a - b)).toEqual([0, tokens.length]);
        owners.add(counts.indexOf(tokens.length));
      }
      expect(owners.size).toBe(2);
    });

    it("sells exactly the stock to who does not send the header", async () => {
      const itemId = await makeItem(test.database, { stock: 30 });
      const tokens = await makeTokens(test, 50);
      const answers = await Promise.all(tokens.map((token) => buyOnce(proxy.url, { token, itemId, key: "k" })));
      expect(positions(answers)).toEqual(countTo(30));
      expect(await reconcile(test.database)).toMatchObject({ ok: true });
    });

    it("tells the shop the caller's own address, passes a large task on, and live stock as it changes", async () => {
      await fetch(`${proxy.url}/api/auth/sign-in/email`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-forwarded-for": "203.0.113.9" },
        body: JSON.stringify({ email: "nobody@example.com", password: "a-wrong-password-1" }),
      });
      const failed = await eventually("it is logged", () =>
        shops.map(({ printed }) => /.*"SIGN_IN_FAILED".*/.exec(printed())?.[0]).find(Boolean),
      );
      expect(failed).toContain('"127.0.0.1"');
      expect(failed).not.toContain("203.0.113.9");

      const { token } = await signedInOperator(test);
      const operator = createDoorbusterClient({ url: proxy.url, token });
      const payload = "x".repeat(60_000);
      expect(await operator.tasks.submit({ payload })).toMatchObject({ payload });

      const { saleId, itemIds } = await makeSale(test.database, [{ stock: 10 }]);
      const [itemId = 0] = itemIds;
      const [buyer = ""] = await makeTokens(test, 1);
      for await (const { items } of operator.sales.watch({ saleId })) {
        if (items[0]?.remaining === 10) await buyOnce(proxy.url, { token: buyer, itemId, key: "k", header: true });
        else if (items[0]?.remaining === 9) break;
      }
    });

    it("has what is under way at a start that is killed decided by the other, with no word to the buyers", async () => {
      const { owner, itemId, buying, release } = await buyersThatWait(10);
      const before = await decidedBy(1 - owner);
      shops[owner]?.main.kill("SIGKILL");
      await release();
      const answers = await Promise.all(buying);
      expect(positions(answers)).toEqual(countTo(10));
      expect((await decidedBy(1 - owner)) - before).toBe(10);
      await start(owner);
      expect(await reconcile(test.database)).toMatchObject({ ok: true });
      await eventually("it is back", async () => (await ownerOf(itemId)) === owner, 30_000);
    });

    it("lets a start that is told to stop finish what it has, and brings new purchases to the other", async () => {
      const { owner, itemId, buying, release } = await buyersThatWait(10);
      const before = await decidedBy(1 - owner);
      shops[owner]?.main.kill("SIGTERM");
      await eventually("it lets nobody in", () => isClosed(urlOf(owner)));
      const tokens = await makeTokens(test, 5);
      const cameIn = purchasesThatCameIn(1 - owner);
      const later = tokens.map((token) => buyOnce(proxy.url, { token, itemId, key: "later", header: true }));
      await eventually("the other has them", () => purchasesThatCameIn(1 - owner) - cameIn === 5);
      await release();
      expect(positions(await Promise.all([...buying, ...later]))).toEqual(countTo(15));
      expect((await decidedBy(1 - owner)) - before).toBe(5);
      expect(await shops[owner]?.ended).toBe(0);
      await start(owner);
      expect(await reconcile(test.database)).toMatchObject({ ok: true });
    });

    it("loses and doubles nothing when a start is killed in the middle of a crowd", async () => {
      const { itemIds } = await makeSale(test.database, [{ stock: 120 }, { stock: 80 }]);
      const tokens = await makeTokens(test, 150);
      const owner = await ownerOf(itemIds[0] ?? 0);
      let answered = 0;
      const buyAll = () =>
        Promise.all(
          itemIds.map((itemId) =>
            Promise.all(
              tokens.map(async (token) => {
                const answer = await buy(proxy.url, { token, itemId, key: `crowd-${itemId}`, header: true });
                answered += 1;
                if (answered === 20) shops[owner]?.main.kill("SIGKILL");
                return answer;
              }),
            ),
          ),
        );
      const answers = await buyAll();
      expect(answers.map(positions)).toEqual([countTo(120).slice(1), countTo(80)]);
      const again = await buyAll();
      expect(again).toEqual(answers.map((item) => item.map((answer) => ({ ...answer, replayed: true }))));
      await start(owner);
      expect(await reconcile(test.database)).toMatchObject({ ok: true });
    });

    function urlOf(which: number): string {
      return `http://127.0.0.1:${ports[which]}`;
    }

    /** Purchases that each start decided, refusals and replays apart. */
    function decided(): Promise<number[]> {
      return Promise.all([decidedBy(0), decidedBy(1)]);
    }

    async function decidedBy(which: number): Promise<number> {
      const response = await fetch(`${urlOf(which)}/metrics`, {
        headers: { authorization: `Bearer ${METRICS_TOKEN}` },
      });
      const counted = /^doorbuster_purchase_attempts_total\{process="web-1",outcome="purchased",code=""\} (\d+)$/m;
      return Number(counted.exec(await response.text())?.[1]);
    }

    /** The start that decides about an item now: it sells one unit more. */
    async function ownerOf(itemId: number): Promise<number> {
      const before = await decided();
      const [token = ""] = await makeTokens(test, 1);
      await buyOnce(proxy.url, { token, itemId, key: "owner", header: true });
      const after = await decided();
      return after.findIndex((count, which) => count > (before[which] ?? 0));
    }

    function purchasesThatCameIn(which: number): number {
      return shops[which]?.printed().match(/purchases\.buy[^\n]*came in/g)?.length ?? 0;
    }

    /** Purchases of one item that are under way at the start that owns it, and wait for the item until `release`. */
    async function buyersThatWait(count: number) {
      const itemId = await makeItem(test.database, { stock: 100 });
      const tokens = await makeTokens(test, count);
      const before = [0, 1].map(purchasesThatCameIn);
      const holding = Promise.withResolvers<void>();
      const held = Promise.withResolvers<void>();
      const holder = test.sql.begin(async (tx) => {
        await tx`select from items where id = ${itemId} for update`;
        held.resolve();
        await holding.promise;
      });
      await held.promise;
      const wishes: Wish[] = tokens.map((token) => ({ token, itemId, key: "k", header: true }));
      const buying = wishes.map((wish) => buyOnce(proxy.url, wish));
      for (const each of buying) each.catch(() => {});
      const camesIn = () => [0, 1].map((which) => purchasesThatCameIn(which) - (before[which] ?? 0));
      const owner = await eventually("all have come in, at one start", () => {
        const which = camesIn().indexOf(count);
        return which === -1 ? undefined : { which };
      });
      return {
        owner: owner.which,
        itemId,
        buying,
        async release() {
          holding.resolve();
          await holder;
        },
      };
    }
  });
}

/** So many that the chance is a hundred millionth that a fair proxy gives all of them to one start. */
const ITEMS = 28;

function isClosed(url: string): Promise<boolean> {
  return fetch(`${url}/health/live`, { headers: { connection: "close" } }).then(
    () => false,
    () => true,
  );
}
