import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { reconcile } from "../operations/reconcile.ts";
import { PurchaseBatcher } from "../purchases/buy.ts";
import { makeBuyer, makeItem, makeOperator } from "../testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { credit } from "./credit.ts";
import { mine } from "./mine.ts";
import { movements } from "./movements.ts";
import { demoPaymentProvider, type PaymentProvider } from "./payment-provider.ts";
import { topUp } from "./top-up.ts";

let test: TestDatabase;
let buyer: string;
let operator: string;

beforeAll(async () => {
  test = await createTestDatabase();
});

afterAll(async () => {
  expect(await reconcile(test.database)).toMatchObject({ ok: true });
  await test[Symbol.asyncDispose]();
});

beforeEach(async () => {
  buyer = await makeBuyer(test.database, { balanceCents: 1_000 });
  operator = await makeOperator(test.database);
});

describe("a credit", () => {
  it("is given once, however often its key is sent at once", async () => {
    const results = await Promise.all(Array.from({ length: 20 }, () => give({ amountCents: 500 })));
    expect(results.filter((result) => !result.replayed)).toHaveLength(1);
    for (const result of results) expect(result).toMatchObject({ amountCents: 500, balanceCents: 1_500 });
    expect(await mine(shopOf(test), buyer)).toEqual({ balanceCents: 1_500, currency: "EUR", canTopUp: true });
    expect(await mine({ ...shopOf(test), paymentProvider: undefined }, buyer)).toMatchObject({ canTopUp: false });
    expect(await auditOf("wallets.credit", buyer)).toHaveLength(1);
  });

  it("is refused when its key stands for another amount, reason or buyer", async () => {
    const other = await makeBuyer(test.database);
    await give({ amountCents: 500 });
    for (const change of [{ amountCents: 501 }, { reason: "another" }, { userId: other }]) {
      await expect(give({ amountCents: 500, ...change })).rejects.toMatchObject({ code: "KEY_REUSED" });
    }
    expect(await mine(shopOf(test), buyer)).toMatchObject({ balanceCents: 1_500 });
  });

  it("to two buyers at once under one key goes to one of them", async () => {
    const other = await makeBuyer(test.database, { balanceCents: 1_000 });
    const results = await Promise.allSettled([give({ amountCents: 1 }), give({ amountCents: 1, userId: other })]);
    expect(results.map((result) => result.status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect(results.find((result) => result.status === "rejected")).toMatchObject({ reason: { code: "KEY_REUSED" } });
  });

  it("to nobody is refused", async () => {
    await expect(give({ amountCents: 1, userId: crypto.randomUUID() })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("to oneself is refused", async () => {
    await expect(give({ amountCents: 1, userId: operator })).rejects.toMatchObject({ code: "NOT_ALLOWED_NOW" });
  });

  function give(change: { amountCents: number; reason?: string; userId?: string }) {
    return credit(test.database, operator, { userId: buyer, reason: "Sorry", idempotencyKey: "c", ...change });
  }
});

describe("a top-up", () => {
  it("charges and credits once for one key", async () => {
    const results = await Promise.all([1, 2, 3].map(() => topUp(test.database, demoPaymentProvider, buyer, TOP_UP)));
    expect(results.filter((result) => !result.replayed)).toHaveLength(1);
    expect(await mine(shopOf(test), buyer)).toMatchObject({ balanceCents: 1_700 });
  });

  it("sends the provider the same reference on every try, so that a crash between charge and credit is mended", async () => {
    const provider = recordingProvider();
    const crashing = { ...test.database, withTransaction: () => Promise.reject(new Error("crash")) };
    await expect(topUp(crashing, provider, buyer, TOP_UP)).rejects.toThrow("crash");
    expect(await topUp(test.database, provider, buyer, TOP_UP)).toMatchObject({ balanceCents: 1_700, replayed: false });
    expect(provider.references).toEqual([`${buyer}:t`, `${buyer}:t`]);
  });

  it("does not ask the provider for a key that is used: it replays, or refuses another amount", async () => {
    const provider = recordingProvider();
    await topUp(test.database, provider, buyer, TOP_UP);
    const renamed = { ...provider, name: "renamed" };
    expect(await topUp(test.database, renamed, buyer, TOP_UP)).toMatchObject({ replayed: true, balanceCents: 1_700 });
    const other = { ...TOP_UP, amountCents: 701 };
    await expect(topUp(test.database, provider, buyer, other)).rejects.toMatchObject({ code: "KEY_REUSED" });
    expect(provider.references).toHaveLength(1);
  });

  it("credits nothing when the provider declines or there is none", async () => {
    const declining: PaymentProvider = {
      name: "declining",
      charge: async () => ({ accepted: false, message: "The card was declined." }),
    };
    await expect(topUp(test.database, declining, buyer, TOP_UP)).rejects.toThrow("The card was declined.");
    await expect(topUp(test.database, undefined, buyer, TOP_UP)).rejects.toMatchObject({ code: "NOT_ALLOWED_NOW" });
    expect(await mine(shopOf(test), buyer)).toMatchObject({ balanceCents: 1_000 });
  });
});

const TOP_UP = { amountCents: 700, idempotencyKey: "t" };

function recordingProvider(): PaymentProvider & { references: string[] } {
  const references: string[] = [];
  return {
    name: "recording",
    references,
    charge: async ({ reference }) => {
      references.push(reference);
      return { accepted: true };
    },
  };
}

describe("a statement", () => {
  it("lists every movement newest first, with the balance after each, page by page", async () => {
    const item = await makeItem(test.database, { stock: 10, priceCents: 300 });
    const batcher = new PurchaseBatcher(test.database);
    await credit(test.database, operator, { userId: buyer, amountCents: 50, reason: "Gift", idempotencyKey: "g" });
    // Settled as one batch, so that they share its time.
    await Promise.all(
      ["a", "b", "c"].map((idempotencyKey) =>
        batcher.buy({ userId: buyer, itemId: item, quantity: 1, idempotencyKey }),
      ),
    );
    const lines = [];
    let cursor: string | null = null;
    do {
      const page = await movements(test.database, buyer, { limit: 2, cursor });
      lines.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(lines.map(({ kind, amountCents, balanceCents }) => [kind, amountCents, balanceCents])).toEqual([
      ["purchase", -300, 150],
      ["purchase", -300, 450],
      ["purchase", -300, 750],
      ["credit", 50, 1_050],
      ["opening", 1_000, 1_000],
    ]);
    expect(lines.map((line) => line.description)).toEqual(["Item 0", "Item 0", "Item 0", "Gift", "Opening balance"]);
  });

  it("refuses a cursor that it did not answer", async () => {
    for (const cursor of ["x", Buffer.from('["now()","x"]').toString("base64url")]) {
      await expect(movements(test.database, buyer, { limit: 2, cursor })).rejects.toMatchObject({
        code: "INVALID_INPUT",
      });
    }
  });
});

async function auditOf(action: string, userId: string) {
  return test.sql`select * from audit_log where action = ${action} and subject = ${`user:${userId}`}`;
}

function shopOf({ database }: TestDatabase) {
  return { publicReads: database, paymentProvider: demoPaymentProvider };
}
