import { describe, expect, it } from "vitest";
import { AUDIT_ACTIONS } from "../../shared/audit.ts";
import { signedInBuyer, signedInOperator, startTestApp, type TestApp } from "../app/app.fixture.ts";
import { createRouter } from "../app/router.ts";
import type { Services } from "../app/services.ts";
import { encodeCursor } from "../database/paging.ts";
import { eventually } from "../testing/eventually.ts";
import { planOf } from "../testing/plan-of.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { startTestWarehouse, WAREHOUSE_SECRET } from "../warehouse/service/warehouse.fixture.ts";
import { listAudit } from "./list.ts";

const ADA = "00000000-0000-4000-8000-00000000000a";
const BEN = "00000000-0000-4000-8000-00000000000b";

/** Entries a minute apart; some share a time. */
async function fill(test: TestDatabase, count: number): Promise<void> {
  await test.sql`
    insert into audit_log (occurred_at, actor_kind, actor_id, action, subject, outcome)
    select
      timestamptz '2026-01-01T00:00Z' + interval '1 minute' * (number / 3),
      (array['person', 'person', 'system'])[number % 3 + 1],
      (array[${ADA}, ${BEN}, null]::uuid[])[number % 3 + 1],
      (array['sales.pause', 'sales_x', 'orders.place'])[number % 3 + 1],
      'sale:' || number % 50,
      case when number % 97 = 0 then 'failure' else 'success' end
    from generate_series(0, ${count} - 1) as number`;
  await test.sql`analyze audit_log`;
}

async function listed(app: TestApp, token: string, input: object) {
  const answer = await app.query("audit.list", input, token);
  expect(answer.status, answer.text).toBe(200);
  return answer.body.result.data;
}

describe("audit.list", () => {
  it("shows the newest first, page by page, each entry once", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const { token } = await signedInOperator(test);
    await fill(test, 10);
    const seen: number[] = [];
    let cursor: string | null = null;
    do {
      const page: { items: { id: number }[]; nextCursor: string | null } = await listed(app, token, {
        limit: 4,
        cursor,
      });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect((await listed(app, token, { limit: 1 })).items).toEqual([
      {
        ...{ id: 10, occurredAt: "2026-01-01T00:03:00.000Z", actorKind: "person", actorId: ADA },
        ...{ action: "sales.pause", subject: "sale:9", outcome: "success", details: {} },
      },
    ]);
    expect((await app.query("audit.list", { cursor: "WyJ4IiwxXQ" }, token)).status).toBe(400);
  });

  it("takes a time at any offset for what it is in UTC, and refuses times that are none, in a cursor too", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const { token } = await signedInOperator(test);
    await fill(test, 10);
    const all = await listed(app, token, {});
    for (const [from, to] of [
      ["2026-01-02T00:00:00+23:59", "2026-01-01T00:03:00.000001Z"],
      ["2025-12-31T00:02:00-23:59", "2026-01-01T15:03:01+15:00"],
    ]) {
      expect((await listed(app, token, { from, to })).items).toEqual(
        all.items.filter(({ occurredAt }: { occurredAt: string }) => occurredAt >= "2026-01-01T00:01:00.000Z"),
      );
    }
    for (const from of ["2026-01-01T00:00:00+24:00", "9999-12-31T23:59:59-23:59", "2026-06-30T23:59:60Z"]) {
      expect((await app.query("audit.list", { from }, token)).status).toBe(400);
    }
    const never = "2026-02-30 25:61:61+00";
    const forged = (...parts: (string | number)[]) => encodeCursor([never, ...parts]);
    expect((await app.query("audit.list", { cursor: forged(1) }, token)).status).toBe(400);
    expect((await app.query("wallets.movements", { cursor: forged(ADA) }, token)).status).toBe(400);
    expect(app.logged()).not.toContain("request failed");
  });

  it("filters by actor, action, subject, outcome and time, and by all of them together", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const { token } = await signedInOperator(test);
    await fill(test, 300);
    const ids = async (input: object) =>
      (await listed(app, token, { limit: 100, ...input })).items.map(({ id }: { id: number }) => id);
    const numbers = Array.from({ length: 300 }, (_, number) => 299 - number);
    const expected = (wanted: (number: number) => boolean) =>
      numbers
        .filter(wanted)
        .map((number) => number + 1)
        .slice(0, 100);
    expect(await ids({ actorId: ADA })).toEqual(expected((number) => number % 3 === 0));
    expect(await ids({ actorKind: "system" })).toEqual(expected((number) => number % 3 === 2));
    expect(await ids({ actorKind: "person" })).toEqual(expected((number) => number % 3 !== 2));
    expect(await ids({ actorKind: "cli" })).toEqual([]);
    expect(await ids({ action: "orders.place" })).toEqual(expected((number) => number % 3 === 2));
    expect(await ids({ action: "sales.*" })).toEqual(expected((number) => number % 3 === 0));
    // What stands for anything in a pattern of the database stands for itself here.
    expect(await ids({ action: "sales_*" })).toEqual(expected((number) => number % 3 === 1));
    expect(await ids({ action: "%*" })).toEqual([]);
    expect(await ids({ subject: "sale:7" })).toEqual(expected((number) => number % 50 === 7));
    expect(await ids({ subject: "sale:4*" })).toEqual(expected((number) => /^4/.test(String(number % 50))));
    expect(await ids({ outcome: "failure" })).toEqual(expected((number) => number % 97 === 0));
    const window = { from: "2026-01-01T00:10:00Z", to: "2026-01-01T01:12:00+01:00" };
    expect(await ids(window)).toEqual([36, 35, 34, 33, 32, 31]);
    expect(await ids({ ...window, actorId: BEN, action: "sales_x", subject: "sale:*" })).toEqual([35, 32]);
  });

  it.each([
    ["nothing", {}, "audit_log_by_time"],
    ["a time", { from: "2026-01-05T00:00:00Z", to: "2026-01-06T00:00:00Z" }, "audit_log_by_time"],
    ["an actor who did little", { actorId: "00000000-0000-4000-8000-00000000000c" }, "audit_log_by_actor"],
    ["a kind of actor that did little", { actorKind: "cli" } as const, "audit_log_not_by_persons"],
    ["a subject", { subject: "sale:one" }, "audit_log_by_subject"],
    ["an action that is rare", { action: "users.setActive" }, "audit_log_by_action"],
  ])("asks an index for %s", async (_, filter, index) => {
    await using test = await createTestDatabase();
    await fill(test, 50_000);
    const plan = await planOf(test, "audit_log", () => listAudit(test.database, { limit: 20, ...filter }));
    expect(plan).toContain(index);
    expect(plan).not.toContain("Seq Scan");
  });
});

describe("the audit log", () => {
  it("has an entry for every change that an operator makes", async () => {
    await using test = await createTestDatabase();
    await using warehouse = await startTestWarehouse(test, { chaosAllowed: ["latency"] });
    await using app = await startTestApp(test, { WAREHOUSE_URL: warehouse.url, WAREHOUSE_SECRET });
    const operator = await signedInOperator(test);
    const buyer = await signedInBuyer(test);
    const done: string[] = [];
    const act = async (path: string, input: object) => {
      const answer = await app.mutate(path, input, operator.token);
      expect(answer.status, `${path} ${answer.text}`).toBe(200);
      done.push(path);
      return answer.body.result.data;
    };
    const hour = 3_600_000;
    const at = (ms: number) => new Date(Date.now() + ms).toISOString();
    const window = { startsAt: at(-hour), endsAt: at(hour) };
    const item = { name: "Lamp", priceCents: 100, stock: 5 };
    const sale = await act("sales.create", { name: "A sale", ...window, items: [item] });
    const [{ id: itemId }] = sale.items;
    await act("sales.update", { saleId: sale.id, name: "Another name" });
    await act("sales.adjustStock", { itemId, change: 1, reason: "more", idempotencyKey: "k" });
    const bought = await app.mutate("purchases.buy", { itemId, idempotencyKey: "k" }, buyer.token);
    await act("purchases.refund", { purchaseId: bought.body.result.data.purchaseId, idempotencyKey: "k" });
    const crowd = { buyers: 100, seconds: 600, arrival: "steady" };
    const { rehearsalId } = await act("operations.rehearse", { saleId: sale.id, crowd, besideRealSales: true });
    await act("operations.stopRehearsal", { rehearsalId });
    await eventually("the rehearsal has ended", async () => {
      const { body } = await app.query("operations.rehearsal", { rehearsalId }, operator.token);
      return body.result.data.endedAt !== null;
    });
    await act("operations.deleteRehearsal", { rehearsalId });
    await act("sales.pause", { saleId: sale.id });
    await act("sales.resume", { saleId: sale.id });
    await act("sales.cancel", { saleId: sale.id });
    const product = await act("products.create", { name: "Desk", priceCents: 100 });
    await act("products.update", { productId: product.id, priceCents: 200 });
    await act("products.receive", { productId: product.id, units: 5, idempotencyKey: "k" });
    const place = await act("warehouses.create", { name: "Harbour" });
    await act("warehouses.rename", { warehouseId: place.id, name: "Port" });
    const variants = [
      { productId: product.id, values: ["S"] },
      { productId: sale.items[0].productId, values: ["M"] },
    ];
    const family = { name: "Sizes", optionNames: ["Size"], variants };
    const { id: familyId } = await act("families.create", family);
    await act("families.update", { familyId, ...family, name: "All sizes" });
    await act("families.remove", { familyId });
    const basket = { lines: [{ productId: product.id, quantity: 1 }], idempotencyKey: "k" };
    const ordered = await app.mutate("orders.place", basket, buyer.token);
    await act("orders.refund", { orderId: ordered.body.result.data.order.orderId, idempotencyKey: "k" });
    await act("tasks.submit", { taskId: "t", failureRate: 1, attemptsMax: 1, delayMs: 0 });
    await app.services.tasks.runNow("t", 5_000);
    await act("tasks.retry", { taskId: "t" });
    await act("operations.chaos", { action: "start", fault: "latency" });
    await act("wallets.credit", { userId: buyer.id, amountCents: 1, reason: "x", idempotencyKey: "k" });
    const closed = {
      name: "For members",
      startsAt: at(hour),
      endsAt: at(2 * hour),
      needsAccessCode: true,
      items: [item],
    };
    const { id: closedId } = await act("sales.create", closed);
    await act("sales.addCodes", { saleId: closedId, codes: ["FRIDAY"] });
    const codes = await app.query("sales.codes", { saleId: closedId }, operator.token);
    await act("sales.removeCode", { codeId: codes.body.result.data.items[0].codeId });
    const { keyId } = await act("keys.create", { name: "A program", scopes: ["read"] });
    await act("keys.revoke", { keyId, reason: "x" });
    await act("users.setRole", { userId: buyer.id, role: "auditor", mayMoveMoney: false, reason: "x" });
    await act("users.signOut", { userId: buyer.id, reason: "x" });
    await act("users.setActive", { userId: buyer.id, active: false });

    const { items } = await listed(app, operator.token, { actorId: operator.id, limit: 100 });
    expect(items.map(({ action }: { action: string }) => action).reverse()).toEqual(done);
    // Whatever else a buyer may not change is an operator's, and belongs into this test.
    const { token } = await signedInBuyer(test);
    const mutations = Object.entries(createRouter({} as Services)._def.procedures).filter(
      ([, procedure]) => (procedure as unknown as { _def: { type: string } })._def.type === "mutation",
    );
    const statuses = await Promise.all(
      mutations.map(async ([path]) => [path, (await app.mutate(path, {}, token)).status] as const),
    );
    const ofOperators = statuses.filter(([, status]) => status === 403).map(([path]) => path);
    expect(new Set(ofOperators.filter((path) => !CHANGES_NOTHING.has(path)))).toEqual(new Set(done));
    const known: Record<string, { by: readonly string[] }> = AUDIT_ACTIONS;
    for (const action of done) expect(known[action]?.by, action).toContain("person");
  });
});

/** Auditors may ask for it too. */
const CHANGES_NOTHING = new Set(["proof.start"]);
