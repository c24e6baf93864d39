import { describe, expect, it } from "vitest";
import type { EnterResult } from "../../../shared/access-codes.ts";
import { signedInBuyer, signedInOperator, startTestApp } from "../../app/app.fixture.ts";
import { runNew } from "../../operations/reconcile.fixture.ts";
import { reconcile } from "../../operations/reconcile.ts";
import { PurchaseBatcher } from "../../purchases/buy.ts";
import { makeBuyer, makeBuyers, makeOperator, makeSale } from "../../testing/factories.ts";
import { stopClock } from "../../testing/stop-clock.ts";
import { createTestDatabase, type TestDatabase } from "../../testing/test-database.ts";
import { addCodes } from "./add-codes.ts";
import { enterSale } from "./enter.ts";
import { listCodes } from "./list-codes.ts";
import { removeCode } from "./remove-code.ts";

const unlimited = { takeAccessCodeToken: () => {} };

/** Enters as buyers do, with what they typed. */
function enter({ database }: Pick<TestDatabase, "database">, userId: string, saleId: number, code: string) {
  return enterSale({ database, limits: unlimited }, { userId, address: "::1" }, { saleId, code });
}

const saidOf = (result: EnterResult) => (result.outcome === "refused" ? result.code : result.outcome);

async function codedSale(test: TestDatabase, codes: readonly string[], usesMax: number | null) {
  const { saleId, itemIds } = await makeSale(test.database, [{ stock: 50 }, { stock: 50 }], { needsAccessCode: true });
  await addCodes(test.database, await makeOperator(test.database), { saleId, codes: [...codes], usesMax });
  return { saleId, itemIds };
}

async function expectReconciled(test: TestDatabase): Promise<void> {
  for (const run of [await reconcile(test.database), await runNew(test)]) expect(run).toMatchObject({ ok: true });
}

describe("a sale that needs an access code", () => {
  it("sells to whoever has entered one, and to nobody else, also where one request of a batch is of each", async () => {
    await using test = await createTestDatabase();
    const { saleId, itemIds } = await codedSale(test, ["VIP1"], null);
    const open = (await makeSale(test.database, [{ stock: 50 }])).itemIds[0] ?? 0;
    const [holder = "", other = ""] = await makeBuyers(test.database, 2);
    const batcher = new PurchaseBatcher(test.database);
    const buy = (userId: string, itemId: number | undefined) =>
      batcher.buy({ userId, itemId: itemId ?? 0, quantity: 1, idempotencyKey: crypto.randomUUID() });

    expect(await buy(holder, itemIds[0])).toMatchObject({
      code: "ACCESS_CODE_REQUIRED",
      message: "This sale is for holders of an access code. Please enter yours first.",
    });
    expect(await enter(test, holder, saleId, "VIP1")).toEqual({ outcome: "admitted", replayed: false });
    const asked = [holder, other].flatMap((userId) => [...itemIds, open].map((itemId) => buy(userId, itemId)));
    const results = await Promise.all(asked);
    const coded = ["ACCESS_CODE_REQUIRED", "ACCESS_CODE_REQUIRED", "purchased"];
    expect(results.map((result) => (result.outcome === "refused" ? result.code : result.outcome))).toEqual([
      ...["purchased", "purchased", "purchased"],
      ...coded,
    ]);
    await expectReconciled(test);
  });

  it("lets in as many as a code may, however many enter it at once, and each buyer once", async () => {
    await using test = await createTestDatabase();
    const { saleId } = await codedSale(test, ["FIVE", "ONE1"], 5);
    const buyers = await makeBuyers(test.database, 12);
    const stores = await Promise.all([1, 2, 3].map(() => test.open()));
    const enterAt = (database: TestDatabase["database"]) => (userId: string) =>
      enter({ database }, userId, saleId, "FIVE");
    const results = await Promise.all(stores.flatMap((database) => buyers.map(enterAt(database))));
    const entered = results.filter((result) => result.outcome === "admitted" && !result.replayed);
    expect(entered).toHaveLength(5);
    expect(results.filter((result) => saidOf(result) === "CODE_USED_UP")).toHaveLength(3 * 7);

    // One buyer with two codes at once uses one of them.
    const userId = await makeBuyer(test.database);
    const codes = ["ONE1", "FIVE", "ONE1"];
    await Promise.all(stores.map((database, index) => enter({ database }, userId, saleId, codes[index] ?? "")));
    const { items } = await listCodes(test.database, { saleId, limit: 10 });
    expect(items.map(({ code, uses }) => [code, uses])).toEqual([
      ["FIVE", 5],
      ["ONE1", 1],
    ]);
    await expectReconciled(test);
  });

  it("answers codes of another sale, removed ones and those that there never were alike, and says what is used up or over", async () => {
    await using test = await createTestDatabase();
    const { saleId } = await codedSale(test, ["WORD", "GONE"], 1);
    const elsewhere = await codedSale(test, ["OTHER"], 1);
    const [first = "", second = ""] = await makeBuyers(test.database, 2);
    const { items } = await listCodes(test.database, { saleId, limit: 10 });
    const operator = await makeOperator(test.database);
    await removeCode(test.database, operator, { codeId: items[0]?.codeId ?? 0 });
    const answers = await Promise.all(["NONE", "OTHER", "GONE"].map((code) => enter(test, second, saleId, code)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(saidOf(answers[0] as EnterResult)).toBe("CODE_UNKNOWN");

    expect(saidOf(await enter(test, first, saleId, "WORD"))).toBe("admitted");
    expect(saidOf(await enter(test, second, saleId, "WORD"))).toBe("CODE_USED_UP");
    await test.sql`update sales set cancelled_at = now() where id = ${elsewhere.saleId}`;
    expect(saidOf(await enter(test, second, elsewhere.saleId, "OTHER"))).toBe("SALE_OVER");
    // Who is in stays in, whatever becomes of the code.
    await removeCode(test.database, operator, { codeId: items[1]?.codeId ?? 0 });
    expect(await enter(test, first, saleId, "WORD")).toEqual({ outcome: "admitted", replayed: true });
    await expect(enter(test, first, 999_999, "WORD")).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expectReconciled(test);
  });

  it("is given codes by operators, of their own or random ones, twice the same ones once, each change in the audit log", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const { saleId } = await makeSale(test.database, [{ stock: 5 }], { needsAccessCode: true });
    const operator = await signedInOperator(test);
    const add = async (input: object) =>
      (await app.mutate("sales.addCodes", { saleId, ...input }, operator.token)).body;

    const own = { codes: ["  summer - sun ", "Summersun", "straße"], usesMax: 100 };
    expect((await add(own)).result.data.added.map(({ code }: { code: string }) => code).sort()).toEqual([
      "STRASSE",
      "SUMMERSUN",
    ]);
    expect((await add(own)).result.data).toEqual({ added: [], known: ["SUMMERSUN", "STRASSE"] });
    const random = (await add({ random: 500 })).result.data.added as { code: string; usesMax: number }[];
    expect(new Set(random.map(({ code }) => code)).size).toBe(500);
    for (const { code, usesMax } of random)
      expect([code, usesMax]).toEqual([expect.stringMatching(/^[34679ACDFGHJKMNPQRTUWXY]{10}$/), 1]);
    for (const wrong of [{}, { codes: ["a-b"] }, { codes: ["CODE"], random: 1 }, { random: 501 }]) {
      expect((await add(wrong)).error.data.reason).toBe("INVALID_INPUT");
    }
    const shown = (await app.query("sales.byId", { saleId })).body.result.data;
    expect(shown).toMatchObject({ needsAccessCode: true });
    expect(JSON.stringify(shown)).not.toContain("SUMMERSUN");

    const buyer = await signedInBuyer(test);
    const asBuyer = async (code: string) => (await app.mutate("sales.enter", { saleId, code }, buyer.token)).body;
    expect((await asBuyer("Summer Sun")).result.data).toEqual({ outcome: "admitted", replayed: false });
    expect((await app.query("sales.admission", { saleId }, buyer.token)).body.result.data).toEqual({
      isAdmitted: true,
    });
    expect((await app.query("sales.admission", { saleId }, operator.token)).body.result.data).toEqual({
      isAdmitted: false,
    });
    const all = (await app.query("sales.codes", { saleId, limit: 100 }, operator.token)).body.result.data;
    expect([all.items.length, typeof all.nextCursor]).toEqual([100, "string"]);
    const codeId = all.items[0].codeId;
    for (const reason of ["leaked", "again"]) await app.mutate("sales.removeCode", { codeId, reason }, operator.token);
    const audited =
      await test.sql`select action, details ->> 'reason' as reason from audit_log where action like 'sales.%Code%' order by id`;
    expect(audited).toEqual([
      { action: "sales.addCodes", reason: null },
      { action: "sales.addCodes", reason: null },
      { action: "sales.removeCode", reason: "leaked" },
    ]);
  });

  it("lets nobody guess: after ten tries one has to wait", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const { saleId } = await codedSale(test, ["WORD"], null);
    const [guesser, other] = [await signedInBuyer(test), await signedInBuyer(test)];
    using _clock = stopClock();
    const guess = (token: string) => app.mutate("sales.enter", { saleId, code: "guess" }, token);
    const statuses = [];
    for (let tries = 0; tries < 14; tries++) statuses.push((await guess(guesser.token)).status);
    expect(statuses).toEqual([...Array(10).fill(200), ...Array(4).fill(429)]);
    expect((await guess(other.token)).status).toBe(200);
  });

  it("begins to need one before it starts alone, and may be opened to everybody at any time", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const { token } = await signedInOperator(test);
    const planned = await makeSale(test.database, [{ stock: 5 }], { startsInMs: 3_600_000, endsInMs: 7_200_000 });
    const live = await makeSale(test.database, [{ stock: 5 }]);
    const set = async (saleId: number, needsAccessCode: boolean) =>
      (await app.mutate("sales.update", { saleId, needsAccessCode }, token)).body;
    expect((await set(planned.saleId, true)).result.data.needsAccessCode).toBe(true);
    expect((await set(live.saleId, true)).error).toMatchObject({
      message: "The sale has started: that everybody may buy can no longer change.",
    });
    await test.sql`update sales set needs_access_code = true where id = ${live.saleId}`;
    expect((await set(live.saleId, false)).result.data.needsAccessCode).toBe(false);
  });
});
