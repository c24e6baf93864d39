import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { MetricsJson } from "../../metrics/metrics-json.ts";
import { PurchaseBatcher } from "../../purchases/buy.ts";
import { makeBuyer, makeSale } from "../../testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "../../testing/test-database.ts";
import { StoreMetrics } from "./store-metrics.ts";
import { OPEN_TASKS } from "./store-queries.ts";

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
});

afterAll(async () => {
  await test[Symbol.asyncDispose]();
});

it("counts open tasks by kind and status, those that wait for an operator, and the oldest that goes on", async () => {
  await addTasks([
    { kind: "simulate", status: "PENDING", ageSeconds: 100 },
    { kind: "simulate", status: "PENDING", ageSeconds: 900, dueInSeconds: 3_600 },
    { kind: "simulate", status: "PROCESSING", ageSeconds: 300 },
    { kind: "simulate", status: "FAILED", ageSeconds: 200 },
    { kind: "simulate", status: "FAILED", ageSeconds: 5_000, isDead: true },
    { kind: "simulate", status: "COMPLETED", ageSeconds: 9_000 },
    { kind: "simulate", status: "CANCELLED", ageSeconds: 9_000 },
    { kind: "dispatch", status: "COMPLETED", ageSeconds: 9_000 },
  ]);
  const metrics = await collect();
  expect(valuesOf(metrics, "doorbuster_tasks_open")).toMatchObject({
    "simulate pending": 2,
    "simulate processing": 1,
    "simulate failed": 2,
  });
  expect(valuesOf(metrics, "doorbuster_tasks_dead_lettered")).toEqual({ dispatch: 0, receive: 0, simulate: 1 });
  const oldest = valuesOf(metrics, "doorbuster_tasks_oldest_open_seconds");
  expect(oldest.dispatch).toBe(0);
  expect(Math.floor((oldest.simulate ?? 0) / 100)).toBe(3);
});

it("counts purchases that are not a task yet", async () => {
  const { saleId, itemIds } = await makeSale(test.database, [{ stock: 5 }]);
  const [itemId = 0] = itemIds;
  const userId = await makeBuyer(test.database);
  const batcher = new PurchaseBatcher(test.database);
  for (const idempotencyKey of ["a", "b", "c"]) await batcher.buy({ userId, itemId, quantity: 1, idempotencyKey });
  await test.sql`
    insert into dispatch_cursors (item_id, position) values (${itemId}, 1) on conflict (item_id) do update set position = 1`;
  const metrics = await collect();
  expect(valuesOf(metrics, "doorbuster_purchases_without_task")).toEqual({ "": 2 });
  const { "": age = 0 } = valuesOf(metrics, "doorbuster_purchases_without_task_oldest_seconds");
  expect(age).toBeGreaterThan(0);
  const [product] = await test.sql`select product_id from items where id = ${itemId}`;
  const labels = `${saleId} ${itemId} ${product?.product_id} Item 0`;
  expect(valuesOf(metrics, "doorbuster_item_remaining_units")).toMatchObject({ [labels]: 2 });
  expect(valuesOf(metrics, "doorbuster_item_allotted_units")).toMatchObject({ [labels]: 5 });
});

it("tells of nothing to do when there is nothing", async () => {
  await test.sql`
    insert into dispatch_cursors (item_id, position) select id, last_position from items
    on conflict (item_id) do update set position = excluded.position`;
  const metrics = await collect();
  expect(valuesOf(metrics, "doorbuster_purchases_without_task")).toEqual({ "": 0 });
  expect(valuesOf(metrics, "doorbuster_purchases_without_task_oldest_seconds")).toEqual({ "": 0 });
});

it("shows no item of a sale that is over, and at most 200 products", async () => {
  const over = await makeSale(test.database, [{ stock: 1 }], { startsInMs: -60_000, endsInMs: -1_000 });
  await test.sql`insert into products (name, price_cents) select 'A thing', 100 from generate_series(1, 250)`;
  const metrics = await collect();
  const shown = Object.keys(valuesOf(metrics, "doorbuster_item_remaining_units"));
  expect(shown.filter((labels) => labels.startsWith(`${over.saleId} `))).toEqual([]);
  expect(Object.keys(valuesOf(metrics, "doorbuster_inventory_units"))).toHaveLength(200);
});

it("asks the database once for many who ask together", async () => {
  const database = await test.open();
  let transactions = 0;
  const counting = {
    ...database,
    withTransaction: ((...args: Parameters<typeof database.withTransaction>) => {
      transactions++;
      return database.withTransaction(...args);
    }) as typeof database.withTransaction,
  };
  const metrics = new StoreMetrics(counting, { onError: () => {} });
  await Promise.all(Array.from({ length: 10 }, () => metrics.collect()));
  expect(transactions).toBe(1);
});

it("tells that the database does not answer, and nothing else", async () => {
  const database = await test.open();
  await database.close();
  const errors: unknown[] = [];
  const metrics = await new StoreMetrics(database, { onError: (error) => errors.push(error) }).collect();
  expect(metrics).toMatchObject([{ name: "doorbuster_store_up", values: [{ value: 0 }] }]);
  expect(errors).toHaveLength(1);
});

it("never reads the tasks that are over", async () => {
  await test.sql`
    insert into tasks (kind, task_id, payload, status, due_at, trace_id)
    select 'dispatch', 'done-' || n, '{}', 'COMPLETED', null, '' from generate_series(1, 20000) as n`;
  await test.sql`analyze tasks`;
  const plan = await test.database.db.execute(sql`explain ${OPEN_TASKS}`);
  expect(JSON.stringify(plan)).toContain("tasks_open_by_kind");
});

function collect(): Promise<MetricsJson> {
  return new StoreMetrics(test.database, {
    onError: (error) => {
      throw error;
    },
  }).collect();
}

/** By the values of the labels, in their order. */
function valuesOf(metrics: MetricsJson, name: string): Record<string, number> {
  const metric = metrics.find((one) => one.name === name);
  return Object.fromEntries(
    (metric?.values ?? []).map(({ labels, value }) => [Object.values(labels).join(" "), value]),
  );
}

interface MadeTask {
  readonly kind: string;
  readonly status: string;
  readonly ageSeconds: number;
  /** Absent: since its age. */
  readonly dueInSeconds?: number;
  readonly isDead?: boolean;
}

async function addTasks(tasks: readonly MadeTask[]): Promise<void> {
  for (const { kind, status, ageSeconds, dueInSeconds = -ageSeconds, isDead = false } of tasks) {
    const isOver = isDead || status === "COMPLETED" || status === "CANCELLED";
    await test.sql`
      insert into tasks (task_id, kind, payload, status, due_at, attempts, version, worker, trace_id, created_at)
      values (
        ${crypto.randomUUID()}, ${kind}, '{}', ${status},
        case when ${isOver} then null else clock_timestamp() + ${dueInSeconds} * interval '1 second' end,
        ${status === "PENDING" ? 0 : 1}, ${status === "PENDING" ? 0 : 1},
        ${status === "PROCESSING" ? "somebody" : null}, '',
        clock_timestamp() - ${ageSeconds} * interval '1 second'
      )`;
  }
}
