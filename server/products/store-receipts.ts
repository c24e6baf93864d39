import { sql } from "drizzle-orm";
import { products, receipts, taskLog, tasks } from "../../drizzle/schema/index.ts";
import type { Tx } from "../database/database.ts";

/**
 * Stores receipts, each with the task that brings its units to the warehouse unless they lie there already. Five statements
 * at most, however many there are.
 */
export async function storeReceipts(tx: Tx, rows: readonly NewReceipt[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.insert(receipts).values([...rows]);
  const arriving = rows.filter(({ onHandAlready }) => !onHandAlready);
  if (arriving.length === 0) return;
  const goods = await findGoods(tx, arriving);
  const made = await tx
    .insert(tasks)
    .values(
      arriving.map(({ id, productId, units, receivedAt }) => ({
        taskId: `receipt-${id}`,
        kind: "receive" as const,
        payload: { reference: `receipt-${id}`, lines: [{ productId, quantity: units, ...goods.get(productId) }] },
        priority: BEFORE_DISPATCHES,
        dueAt: receivedAt,
        attemptsMax: ATTEMPTS_MAX,
        traceId: id.replaceAll("-", ""),
        createdAt: receivedAt,
      })),
    )
    .returning({ task: tasks.id, at: tasks.createdAt });
  await tx
    .insert(taskLog)
    .values(made.map((task) => ({ ...task, event: "submitted" as const, attempt: 0, version: 0 })));
}

/** What the warehouse learns of a product that it does not know yet. */
async function findGoods(tx: Tx, rows: readonly NewReceipt[]) {
  const productIds = [...new Set(rows.map(({ productId }) => productId))];
  const { id, name, description, priceCents } = products;
  const found = await tx
    .select({ id, name, description, priceCents })
    .from(products)
    .where(sql`${id} = any(${sql.param(productIds)}::bigint[])`);
  return new Map(found.map(({ id: productId, ...goods }) => [productId, goods]));
}

/** The database's time stands in `receivedAt`, as text. */
export type NewReceipt = Omit<typeof receipts.$inferInsert, "receivedAt"> & { readonly receivedAt: string };

/** They are to be there before they are to be dispatched. */
const BEFORE_DISPATCHES = 10;

/** More than a day of attempts: an outage of the warehouse is waited for, however long. */
const ATTEMPTS_MAX = 10_000;
