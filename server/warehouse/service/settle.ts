import type { WarehouseAnswer } from "../../../shared/warehouse.ts";
import type { Lock } from "../../concurrency/queues.ts";
import type { Database, Tx } from "../../database/database.ts";
import type { Statement } from "../../database/prepared-statement.ts";
import { pipeline, pipelineAndCommit } from "../../database/transaction.ts";
import { type DecidedDispatch, type DispatchDecision, type DispatchRequest, decideDispatches } from "./decide.ts";
import { findRecords, insertRecords, insertUpdates, lockKeys, recordsOf } from "./records.ts";

/**
 * Settles a batch of dispatches in one transaction: locks keys and products (see `records.ts` for the order), decides, writes,
 * commits. A refusal is an answer like any other and stored: it stays for ever under its key. That is right because the shop
 * sends a dispatch only when the goods that it sold have arrived here, so what is missing then is missing for good.
 *
 * Two round trips, and as many statements for a whole batch as for one dispatch of one product.
 *
 * @param requests in the order in which they are decided
 * @returns their answers; undefined, with the lock "skip", for those whose key or product somebody else has locked: nothing
 * was done for them
 * @throws what `withTransaction` throws; then all of them have happened or none
 */
export function settle(
  database: Database,
  requests: readonly DispatchRequest[],
  { lock, deadlineMs }: { readonly lock: Lock; readonly deadlineMs: number },
): Promise<(WarehouseAnswer | undefined)[]> {
  return database.withTransaction(
    async (tx) => {
      const { records, stock, isHeldUp } = await lockAndRead(tx, requests, lock);
      const free = requests.filter((request) => !isHeldUp(request));
      const decision = decideDispatches(free, records, stock);
      if (decision.decided.length > 0) await pipelineAndCommit(tx, writesOf(decision));
      let next = 0;
      return requests.map((request) => (isHeldUp(request) ? undefined : decision.answers[next++]));
    },
    { name: "dispatch", deadlineMs, keepPlans: true },
  );
}

async function lockAndRead(tx: Tx, requests: readonly DispatchRequest[], lock: Lock) {
  const keys = requests.map(({ key }) => key);
  const productIds = [...new Set(requests.flatMap(productsOf))];
  const [gotKeys = [], recordRows = [], productRows = []] = await pipeline(tx, [
    lockKeys(keys, lock),
    findRecords(keys),
    { text: LOCK_PRODUCTS[lock], params: [productIds] },
  ]);
  const records = recordsOf(recordRows);
  const stock = new Map(productRows.map((row) => [row.product_id as number, row.stock_quantity as number]));
  const lockedElsewhere = lock === "skip" ? await existingAmong(tx, productIds, stock) : NONE;
  const got = new Set(lock === "skip" ? gotKeys.map(({ key }) => key) : keys);
  // A replay waits for nobody.
  const isHeldUp = (request: DispatchRequest) =>
    !records.has(request.key) &&
    (!got.has(request.key) || (lockedElsewhere.size > 0 && productsOf(request).some((id) => lockedElsewhere.has(id))));
  return { records, stock, isHeldUp };
}

/** Their stock, which nobody can change while they are locked. */
const LOCK_PRODUCTS: Record<Lock, string> = {
  skip: lockProducts("for update skip locked"),
  wait: lockProducts("for update"),
};

function lockProducts(how: string): string {
  return `
    select product_id, stock_quantity
    from products
    where product_id = any ($1::bigint[])
    order by product_id
    ${how}`;
}

/** Which of the products that were not locked are there all the same. That there are any is rare. */
async function existingAmong(tx: Tx, productIds: readonly number[], locked: ReadonlyMap<number, unknown>) {
  const missing = productIds.filter((productId) => !locked.has(productId));
  if (missing.length === 0) return NONE;
  const [rows = []] = await pipeline(tx, [{ text: FIND_PRODUCTS, params: [missing] }]);
  return new Set(rows.map(({ product_id }) => product_id as number));
}

const FIND_PRODUCTS = "select product_id from products where product_id = any ($1::bigint[]) order by product_id";

const NONE: ReadonlySet<number> = new Set();

function writesOf({ decided, newStock }: DispatchDecision): Statement[] {
  const done = decided.filter(isDone);
  if (done.length === 0) return [insertRecords(decided)];
  return [
    { text: UPDATE_PRODUCTS, params: [[...newStock.keys()], [...newStock.values()]] },
    insertUpdates(done),
    insertRecords(decided),
  ];
}

/** They are locked, so that each is there. In a list of one, so that only the index serves, however empty the table was. */
const UPDATE_PRODUCTS = `
  update products
  set stock_quantity = changed.new_stock, updated_at = statement_timestamp()
  from unnest($1::bigint[], $2::bigint[]) as changed (product_id, new_stock)
  where products.product_id = any (array[changed.product_id])`;

type Done = DecidedDispatch & { readonly answer: { readonly outcome: "done" } };

function isDone(decided: DecidedDispatch): decided is Done {
  return decided.answer.outcome === "done";
}

function productsOf({ body }: DispatchRequest): number[] {
  return body.lines.map(({ productId }) => productId);
}
