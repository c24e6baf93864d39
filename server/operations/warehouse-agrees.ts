import { sql } from "drizzle-orm";
import type { ReconcileResult } from "../../shared/operations.ts";
import { WAREHOUSE_PAGE_MAX, type WarehouseProduct } from "../../shared/warehouse.ts";
import type { Database } from "../database/database.ts";
import type { Page } from "../database/paging.ts";
import type { WarehouseClient } from "../warehouse/client/warehouse-client.ts";
import { isUnavailable } from "../warehouse/or-unavailable.ts";
import { type PromisedUnits, promisedUnits } from "../warehouse/promised-units.ts";
import { brokenWords, SHOWN_MAX } from "./checks/check.ts";
import type { OperationsServices } from "./services.ts";

/** Whether shop and warehouse tell of the same units. */
export interface Agreement {
  /** Products of which one can tell. */
  readonly compared: number;
  /** Products whose stock changed whenever it was looked at. */
  readonly moving: number;
  /** Whether there are more products than there was time for. */
  readonly isPartial: boolean;
  /** A sentence for each product that does not agree. */
  readonly violations: readonly string[];
}

/**
 * Compares what lies in the warehouse with what the shop believes: on hand = inventory + remaining + sold and not
 * dispatched - received and not arrived, product by product.
 *
 * The two are different databases, so that there is no moment at which both can be read. Therefore the warehouse is read
 * before and after the shop: what it says the same both times was so when the shop was read. A task that was begun and
 * is not completed may have had its effect there or not; the units of such tasks make a range of what is right.
 *
 * @param signal the end of the time for it: what has been compared by then is answered
 * @throws WarehouseUnavailableError, or the signal's reason when nothing has been
 */
export async function warehouseAgrees(
  database: Pick<Database, "db">,
  warehouse: Pick<WarehouseClient, "stock">,
  signal?: AbortSignal,
): Promise<Agreement> {
  const total = { compared: 0, moving: 0, violations: [] as string[] };
  let cursor: string | null = null;
  let after = 0;
  for (let pages = 0; pages < PAGES_MAX; pages++) {
    const read = (): Promise<Page<WarehouseProduct>> =>
      warehouse.stock({ limit: WAREHOUSE_PAGE_MAX, cursor }, { signal, once: true });
    const found = await unlessTooLate(() => comparePage(database, { read, after }), pages > 0 ? signal : undefined);
    if (!found) break;
    total.compared += found.compared;
    total.moving += found.moving;
    total.violations.push(...found.violations);
    ({ cursor, after } = found);
    if (cursor === null) return { ...total, isPartial: false };
  }
  return { ...total, isPartial: true };
}

/** Undefined when the time for asking was up meanwhile. */
async function unlessTooLate<T>(ask: () => Promise<T>, signal: AbortSignal | undefined): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (signal?.aborted && isUnavailable(error)) return undefined;
    throw error;
  }
}

/** The same as a check of `operations.reconcile`. A warehouse that cannot be asked breaks nothing. */
export async function checkWarehouse({
  database,
  warehouse,
}: Pick<OperationsServices, "database" | "warehouse">): Promise<WarehouseCheck> {
  const name = "warehouse";
  const notCompared = (why: string) => ({ name, ok: true, detail: `Not compared: ${why}`, isCompared: false });
  if (!warehouse) return notCompared("this shop knows of no warehouse service");
  try {
    const agreement = await warehouseAgrees(database, warehouse, AbortSignal.timeout(CHECK_MS_MAX));
    return { name, ok: agreement.violations.length === 0, detail: words(agreement), isCompared: true };
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return notCompared("the warehouse cannot be asked right now");
  }
}

type WarehouseCheck = ReconcileResult["checks"][number] & { readonly isCompared: boolean };

interface ComparedPage extends Omit<Agreement, "isPartial"> {
  /** Of the next page; null on the last. */
  readonly cursor: string | null;
  /** The product after which it begins. */
  readonly after: number;
}

async function comparePage(
  database: Pick<Database, "db">,
  { read, after }: { read: () => Promise<Page<WarehouseProduct>>; after: number },
): Promise<ComparedPage> {
  const violations: string[] = [];
  const compared = new Set<number>();
  let moving = new Set<number>();
  let before = await read();
  const cursor = before.nextCursor;
  const last = cursor === null ? Number.MAX_SAFE_INTEGER : (before.items.at(-1)?.productId ?? after);
  for (let looks = 0; looks < LOOKS_MAX; looks++) {
    const promised = await promisedUnits(database, sql`product_id > ${after} and product_id <= ${last}`);
    const later = await read();
    const units = new Map(promised.map((product) => [product.productId, product]));
    const onHand = steady(before, later);
    moving = new Set();
    for (const productId of new Set([...before.items.map((product) => product.productId), ...units.keys()])) {
      if (compared.has(productId)) continue;
      const found = onHand(productId);
      if (found === undefined) {
        moving.add(productId);
        continue;
      }
      compared.add(productId);
      const wrong = disagreement(productId, found, units.get(productId));
      if (wrong !== undefined) violations.push(wrong);
    }
    // Only those that moved are worth another look.
    if (moving.size === 0) break;
    before = later;
  }
  return { compared: compared.size, moving: moving.size, violations, cursor, after: last };
}

/** What was on hand all the time between two looks; undefined where it changed. A product that is not there has none. */
function steady(
  before: Page<WarehouseProduct>,
  later: Page<WarehouseProduct>,
): (productId: number) => number | undefined {
  const first = new Map(before.items.map((product) => [product.productId, product]));
  const second = new Map(later.items.map((product) => [product.productId, product]));
  return (productId) => {
    const [one, other] = [first.get(productId), second.get(productId)];
    if (!one && !other) return 0;
    const isSame = one?.stockQuantity === other?.stockQuantity && one?.updatedAt === other?.updatedAt;
    return isSame ? one?.stockQuantity : undefined;
  };
}

function disagreement(productId: number, onHand: number, units: PromisedUnits | undefined): string | undefined {
  const { sellable = 0, awaiting = 0, awaitingBegun = 0, receiving = 0, receivingBegun = 0 } = units ?? {};
  const low = sellable + awaiting - awaitingBegun - receiving;
  const high = sellable + awaiting - receiving + receivingBegun;
  if (low <= onHand && onHand <= high) return undefined;
  const expected = low === high ? String(low) : `${low} to ${high}`;
  return `product ${productId}: ${onHand} on hand, expected ${expected}`;
}

function words({ compared, moving, isPartial, violations }: Agreement): string {
  const holds = "each product: on hand = inventory + remaining + sold and not dispatched - received and not arrived";
  const left = [
    ...(moving > 0 ? [`${moving} changed all the time and were not compared`] : []),
    ...(isPartial ? ["there was no time for the others"] : []),
  ];
  const scope = [`${compared} checked`, ...left].join(", ");
  if (violations.length === 0) return `${holds} (${scope})`;
  return `${brokenWords(violations.length)}: ${holds} (${scope}). ${violations.slice(0, SHOWN_MAX).join("; ")}`;
}

/** A hundred thousand products; the time is up before that. */
const PAGES_MAX = 100;

/** Looks at those that have just changed. */
const LOOKS_MAX = 3;

const CHECK_MS_MAX = 10_000;
