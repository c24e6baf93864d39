import { type SQL, sql } from "drizzle-orm";
import { TASK_KINDS } from "../../../shared/tasks.ts";
import type { Tx } from "../../database/database.ts";
import type { MetricJson, Sample } from "../../metrics/metrics-json.ts";

/* What the store's metrics are read with: one statement for each group. */

export async function openTasks(tx: Tx): Promise<MetricJson[]> {
  const rows = await tx.execute<OpenTasks>(OPEN_TASKS);
  const count = (kind: string, isCounted: (row: OpenTasks) => boolean) =>
    rows.reduce((sum, row) => (row.kind === kind && isCounted(row) ? sum + row.count : sum), 0);
  const oldest = (kind: string) =>
    Math.max(0, ...rows.filter((row) => row.kind === kind && !row.isDead).map(({ age }) => age));
  return [
    gauge(
      "doorbuster_tasks_open",
      "Tasks that are not over, by kind and status. Those that are over are counted by attempts that completed.",
      TASK_KINDS.flatMap((kind) =>
        OPEN_STATUSES.map((status) => ({
          labels: { kind, status: status.toLowerCase() },
          value: count(kind, (row) => row.status === status),
        })),
      ),
    ),
    gauge(
      "doorbuster_tasks_oldest_open_seconds",
      "Seconds since the oldest task that goes on by itself could have begun; 0 when there is none.",
      TASK_KINDS.map((kind) => ({ labels: { kind }, value: oldest(kind) })),
    ),
    gauge(
      "doorbuster_tasks_dead_lettered",
      "Tasks whose attempts are used up, and which wait for an operator.",
      TASK_KINDS.map((kind) => ({ labels: { kind }, value: count(kind, ({ isDead }) => isDead) })),
    ),
  ];
}

const OPEN_STATUSES = ["PENDING", "PROCESSING", "FAILED"] as const;

/** Over the tasks that are not over, by an index that holds no others. */
export const OPEN_TASKS: SQL = sql`
  select
    kind,
    status,
    due_at is null as "isDead",
    count(*)::int as count,
    -- A task that nobody has touched is as old as its start is past; every other one as old as itself.
    greatest(0, extract(epoch from max(statement_timestamp() - case when version = 0 then due_at else created_at end)))::float8
      as age
  from tasks
  where status not in ('COMPLETED', 'CANCELLED')
  group by kind, status, due_at is null
  order by kind, status, due_at is null
`;

export type OpenTasks = { kind: string; status: string; isDead: boolean; count: number; age: number };

export async function notYetTasks(tx: Tx): Promise<MetricJson[]> {
  const { count, age } = await readNotYetTasks(tx);
  return [
    gauge("doorbuster_purchases_without_task", "Purchases whose dispatch has not become a task yet.", [
      { labels: {}, value: count },
    ]),
    gauge(
      "doorbuster_purchases_without_task_oldest_seconds",
      "Seconds since the oldest purchase whose dispatch has not become a task; 0 when there is none.",
      [{ labels: {}, value: age }],
    ),
  ];
}

export async function readNotYetTasks(db: Pick<Tx, "execute">): Promise<{ count: number; age: number }> {
  const [row] = await db.execute<{ count: number; age: number }>(sql`
    select
      coalesce(sum(items.last_position - coalesce(dispatch_cursors.position, 0)), 0)::float8 as count,
      greatest(0, extract(epoch from statement_timestamp() - min(first.decided_at)))::float8 as age
    from items
    left join dispatch_cursors on dispatch_cursors.item_id = items.id
    cross join lateral (
      select decided_at
      from purchase_attempts
      where item_id = items.id and position = coalesce(dispatch_cursors.position, 0) + 1
    ) as first
    where items.last_position > coalesce(dispatch_cursors.position, 0)
  `);
  if (!row) throw new Error("the database answered no count");
  return row;
}

export async function itemStock(tx: Tx): Promise<MetricJson[]> {
  const rows = await tx.execute<ItemStock>(sql`
    select items.sale_id, items.id as item_id, items.product_id, items.name, items.allotted, items.remaining
    from sales
    join items on items.sale_id = sales.id
    where sales.leftovers_returned_at is null
      and sales.cancelled_at is null
      and sales.ends_at > statement_timestamp()
    order by sales.starts_at, items.id
    limit ${STOCK_SERIES_MAX}
  `);
  const labels = ({ sale_id, item_id, product_id, name }: ItemStock) => ({ sale_id, item_id, product_id, name });
  return [
    gauge(
      "doorbuster_item_remaining_units",
      `Units for sale, of the first ${STOCK_SERIES_MAX} items of sales that are not over.`,
      rows.map((row) => ({ labels: labels(row), value: row.remaining })),
    ),
    gauge(
      "doorbuster_item_allotted_units",
      `Units given to the item, of the first ${STOCK_SERIES_MAX} items of sales that are not over.`,
      rows.map((row) => ({ labels: labels(row), value: row.allotted })),
    ),
  ];
}

type ItemStock = {
  sale_id: number;
  item_id: number;
  product_id: number;
  name: string;
  allotted: number;
  remaining: number;
};

export async function inventory(tx: Tx): Promise<MetricJson[]> {
  const rows = await tx.execute<{ product_id: number; name: string; units: number }>(sql`
    select newest.id as product_id, newest.name, coalesce(sum(inventory.units), 0)::float8 as units
    from (select id, name from products order by id desc limit ${STOCK_SERIES_MAX}) as newest
    left join inventory on inventory.product_id = newest.id
    group by newest.id, newest.name
    order by newest.id
  `);
  return [
    gauge(
      "doorbuster_inventory_units",
      `Units that warehouses can still promise, of the newest ${STOCK_SERIES_MAX} products.`,
      rows.map(({ product_id, name, units }) => ({ labels: { product_id, name }, value: units })),
    ),
  ];
}

/** Series that stock may take, of items and of products each. */
const STOCK_SERIES_MAX = 200;

export function gauge(name: string, help: string, values: readonly Sample[]): MetricJson {
  return { name, help, type: "gauge", values };
}
