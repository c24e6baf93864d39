import postgres, { type Sql } from "postgres";
import { expect } from "vitest";
import { reconcile } from "../../server/operations/reconcile.ts";
import type { TestDatabase } from "../../server/testing/test-database.ts";

/** The text of a request's lines. */
export function lines(...wanted: [productId: number, quantity: number][]): string {
  return JSON.stringify(wanted.map(([product_id, quantity]) => ({ product_id, quantity })));
}

/** `place_order` by any client; `p_lines` goes as text, as a program in another language would send it. */
export async function place(sql: Sql, order: Placing): Promise<OrderResult> {
  const { customerId, warehouseId = 1, lines, requestId = crypto.randomUUID() } = order;
  const [result] = await sql<OrderResult[]>`
    select * from place_order(${customerId}, ${warehouseId}, ${lines}::text::jsonb, ${requestId})`;
  return found(result);
}

export async function cancel(sql: Sql, { orderId, actorId = null, requestId = crypto.randomUUID() }: Cancelling) {
  const [result] = await sql<OrderResult[]>`
    select * from cancel_order(${orderId}, ${actorId}, 'Changed my mind', ${requestId})`;
  return found(result);
}

/** Everything that an order may change, in numbers; the audit log apart. */
export async function counts(sql: Sql): Promise<Record<string, number>> {
  const [row] = await sql<Record<string, number>[]>`
    select
      (select count(*)::int from orders) as orders,
      (select count(*)::int from order_items) as "orderItems",
      (select count(*)::int from order_refunds) as "orderRefunds",
      (select count(*)::int from movements) as movements,
      (select sum(units)::int from inventory) as units,
      (select sum(balance_cents)::int from wallets) as cents`;
  return found(row);
}

export async function audited(sql: Sql): Promise<AuditRow[]> {
  return sql<AuditRow[]>`
    select actor_kind as "actorKind", actor_id as "actorId", action, subject, outcome, details from audit_log where action like 'orders.%' order by id`;
}

/** A refusal for a person to read: the answer, the audit row, and the counts that it left as they were. */
export function refusalText(name: string, result: OrderResult, row: AuditRow | undefined, unchanged: object): string {
  return [
    name,
    `  order_result  (f, ${result.order_id ?? "null"}, ${result.error_code}, ${result.message})`,
    `  audit_log     ${row?.action} ${row?.subject} ${row?.outcome} ${JSON.stringify(row?.details).slice(0, 600)}`,
    `  unchanged     ${JSON.stringify(unchanged)}`,
  ].join("\n");
}

/** Connections in the test's store with settings of their own; as many as there are statements at once, up to `max`. */
export function connect(
  test: TestDatabase,
  settings: Record<string, string> = {},
  max = 1,
): AsyncDisposable & { sql: Sql } {
  const sql = postgres(test.adminUrl, {
    max,
    onnotice: () => {},
    connection: { search_path: test.schema, ...settings },
  });
  return { sql, [Symbol.asyncDispose]: () => sql.end({ timeout: 1 }) };
}

export async function expectReconciled(test: TestDatabase): Promise<void> {
  const { checks } = await reconcile(test.database);
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
}

function found<T>(row: T | undefined): T {
  if (!row) throw new Error("the database answered no row");
  return row;
}

/** As the driver reads it: a bigint is text. */
export interface OrderResult {
  success: boolean;
  order_id: string | null;
  error_code: string | null;
  message: string;
}

export interface AuditRow {
  actorKind: string;
  actorId: string | null;
  action: string;
  subject: string;
  outcome: "success" | "failure";
  details: Record<string, unknown>;
}

interface Placing {
  customerId: string | null;
  warehouseId?: number | null;
  lines: string | null;
  requestId?: string | null;
}

interface Cancelling {
  orderId: string | number | null;
  actorId?: string | null;
  requestId?: string | null;
}
