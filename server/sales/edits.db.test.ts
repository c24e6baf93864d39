import { expect, it } from "vitest";
import type { AdjustStockInput, Sale } from "../../shared/sales.ts";
import { signedInOperator, startTestApp } from "../app/app.fixture.ts";
import { reconcile } from "../operations/reconcile.ts";
import { settle } from "../purchases/settle.ts";
import { makeBuyer, makeSale } from "../testing/factories.ts";
import { createTestDatabase } from "../testing/test-database.ts";

const HOUR_MS = 3_600_000;

/** A shop of two processes with a sale, and two operators who each have looked at it. */
async function setUp() {
  const test = await createTestDatabase();
  const apps = [await startTestApp(test), await startTestApp(test)] as const;
  const { saleId, itemIds } = await makeSale(test.database, [{ stock: 10 }, { stock: 10 }]);
  const operators = [await signedInOperator(test), await signedInOperator(test)] as const;
  const change = async (who: 0 | 1, procedure: string, input: object) => {
    const { body, status } = await apps[who].mutate(`sales.${procedure}`, input, operators[who].token);
    return {
      status,
      sale: body.result?.data as Sale | undefined,
      error: body.error && { ...body.error.data, message: body.error.message },
    };
  };
  return {
    ...test,
    saleId,
    itemId: itemIds[0] ?? 0,
    operators,
    change,
    look: async () => (await apps[0].query("sales.byId", { saleId })).body.result.data as Sale,
    async [Symbol.asyncDispose]() {
      for (const app of apps) await app[Symbol.asyncDispose]();
      await test[Symbol.asyncDispose]();
    },
  };
}

it("lets one of many operators who saw the same sale change it, and tells the others who did, when and what", async () => {
  await using shop = await setUp();
  const { saleId } = shop;
  const seen = await shop.look();
  expect(seen.edits).toBe(0);
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      shop.change(index % 2 ? 1 : 0, "update", { saleId, name: `Name ${index}`, edits: seen.edits }),
    ),
  );
  const done = answers.filter(({ status }) => status === 200);
  expect(done).toHaveLength(1);
  expect(done[0]?.sale?.edits).toBe(1);
  expect((await shop.look()).name).toBe(done[0]?.sale?.name);
  expect(await shop.sql`select count(*)::int as edits from audit_log where action = 'sales.update'`).toEqual([
    { edits: 1 },
  ]);

  const [audited] = await shop.sql`
    select occurred_at::timestamptz as at, email from audit_log join users on users.id = actor_id
  `;
  for (const { status, error } of answers.filter((answer) => answer !== done[0])) {
    expect({ status, ...error }).toMatchObject({ status: 409, reason: "CHANGED_MEANWHILE", retryable: false });
    for (const told of [`(${audited?.email})`, new Date(audited?.at).toISOString(), "sales.update", "edits: 1"]) {
      expect(error.message).toContain(told);
    }
  }
});

it("counts every change of an operator, of stock too, and no purchase", async () => {
  await using shop = await setUp();
  const { saleId, itemId } = shop;
  const adjust = { itemId, change: 1, reason: "found", idempotencyKey: "a" } satisfies AdjustStockInput;
  const changes: [string, object][] = [
    ["update", { saleId, name: "Another" }],
    ["pause", { saleId }],
    ["resume", { saleId }],
    ["adjustStock", adjust],
    ["cancel", { saleId }],
  ];
  for (const [index, [procedure, input]] of changes.entries()) {
    const stale = await shop.change(0, procedure, { ...input, edits: index + 1 });
    expect({ procedure, status: stale.status }).toEqual({ procedure, status: 409 });
    const { status } = await shop.change(0, procedure, { ...input, edits: index });
    expect({ procedure, status }).toEqual({ procedure, status: 200 });
    expect((await shop.look()).edits).toBe(index + 1);
    const userId = await makeBuyer(shop.database);
    const idempotencyKey = crypto.randomUUID();
    await settle(shop.database, [{ id: crypto.randomUUID(), userId, itemId, quantity: 1, idempotencyKey }]);
    expect((await shop.look()).edits).toBe(index + 1);
  }
  // The stored answer needs no state: whoever lost theirs asks again with what they sent.
  expect(await shop.change(0, "adjustStock", { ...adjust, edits: 3 })).toMatchObject({ status: 200 });
  expect(await reconcile(shop.database)).toMatchObject({ ok: true });
});

it("leaves nothing of a change that came too late: no pause, no units moved, no audit entry", async () => {
  await using shop = await setUp();
  const { saleId, itemId } = shop;
  await shop.change(0, "update", { saleId, name: "First" });
  const before = await shop.look();
  const late = { edits: 0, reason: "late" };
  await shop.change(1, "pause", { saleId, ...late });
  await shop.change(1, "cancel", { saleId, ...late });
  await shop.change(1, "adjustStock", { itemId, change: -3, idempotencyKey: "k", ...late });
  expect(await shop.look()).toEqual({ ...before, serverTime: expect.any(String) });
  expect(await shop.sql`select count(*)::int as rows from audit_log`).toEqual([{ rows: 1 }]);
  expect(await shop.sql`select count(*)::int as rows from sale_pauses`).toEqual([{ rows: 0 }]);
  expect(await reconcile(shop.database)).toMatchObject({ ok: true });
});

it("answers who asks for what is so already, whatever they saw, and overwrites for whoever says nothing", async () => {
  await using shop = await setUp();
  const { saleId } = shop;
  expect((await shop.change(0, "pause", { saleId, edits: 0 })).status).toBe(200);
  expect(await shop.change(0, "pause", { saleId, edits: 0 })).toMatchObject({ status: 200, sale: { edits: 1 } });
  expect(await shop.change(1, "update", { saleId, name: "A sale", edits: 0 })).toMatchObject({ status: 200 });
  expect(await shop.change(1, "update", { saleId, name: "Without" })).toMatchObject({
    status: 200,
    sale: { edits: 2 },
  });
});

it("keeps the reason of a change where one is given", async () => {
  await using shop = await setUp();
  const { saleId } = shop;
  await shop.change(0, "pause", { saleId, reason: "The price is wrong" });
  await shop.change(0, "resume", { saleId });
  const rows =
    await shop.sql`select details->>'reason' as reason, details->>'before' as before from audit_log order by id`;
  expect(rows).toEqual([
    { reason: "The price is wrong", before: "live" },
    { reason: null, before: "paused" },
  ]);
});

it("refuses a sale that would be over already or never, by the database's clock, and names the field", async () => {
  await using shop = await setUp();
  const at = (inMs: number) => new Date(Date.now() + inMs).toISOString();
  const items = [{ name: "Lamp", priceCents: 100, stock: 5 }];
  const windows = [
    [at(-2 * HOUR_MS), at(-HOUR_MS)],
    ["2001-01-01T00:00:00Z", "2001-01-02T00:00:00Z"],
    [at(HOUR_MS), at(11 * 366 * 24 * HOUR_MS)],
    ["9998-01-01T00:00:00Z", "9999-01-01T00:00:00Z"],
    [at(HOUR_MS), at(HOUR_MS)],
    [at(2 * HOUR_MS), at(HOUR_MS)],
  ];
  const rowsBefore = await shop.sql`select count(*)::int as rows from products`;
  for (const [startsAt, endsAt] of windows) {
    const { status, error } = await shop.change(0, "create", { name: "A sale", startsAt, endsAt, items });
    expect({ endsAt, status, reason: error?.reason }).toEqual({ endsAt, status: 400, reason: "INVALID_INPUT" });
  }
  expect(await shop.sql`select count(*)::int as rows from sales`).toEqual([{ rows: 1 }]);
  expect(await shop.sql`select count(*)::int as rows from products`).toEqual(rowsBefore);

  // One that has begun may be made: it sells at once. Its end may not be moved into the past, nor out of sight.
  const begun = { name: "A sale", startsAt: at(-HOUR_MS), endsAt: at(HOUR_MS), items };
  expect(await shop.change(0, "create", begun)).toMatchObject({ status: 200, sale: { status: "live" } });
  const planned = await shop.change(0, "create", { ...begun, startsAt: at(HOUR_MS), endsAt: at(2 * HOUR_MS) });
  for (const [startsAt, endsAt] of windows) {
    const moved = await shop.change(0, "update", { saleId: planned.sale?.id, startsAt, endsAt });
    expect({ endsAt, status: moved.status, reason: moved.error?.reason }).toEqual({
      endsAt,
      status: 400,
      reason: "INVALID_INPUT",
    });
  }
  expect(await reconcile(shop.database)).toMatchObject({ ok: true });
});
