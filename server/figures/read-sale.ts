import { sql } from "drizzle-orm";
import { Fault } from "../../shared/faults.ts";
import type { Database } from "../database/database.ts";
import { lowestUuidAt } from "../database/new-uuid.ts";
import { epochMs, epochMsOrNull } from "../database/times.ts";
import type { SaleTimes } from "../sales/sale-status.ts";
import { SECOND } from "./count-seconds.ts";
import { stepSecondsOf } from "./steps.ts";
import { type Cell, Tally } from "./tally.ts";

/**
 * Reads what became of a sale so far and adds it to the tally: whatever the sale's size that is a few hundred
 * rows of what was counted, and the newest attempts.
 *
 * @param known what the last read answered, by which this one reads no more than what may be new
 * @throws Fault NOT_FOUND
 */
export async function readSale(database: Database, saleId: number, known?: SaleRead): Promise<SaleRead> {
  // Each statement by itself: a snapshot that is kept over several answers of a busy process would keep the dead rows of the
  // hot item and of wallets from being cleaned up.
  const { db } = database;
  const sale = await readSaleRow(db, saleId);
  const stepSeconds = stepSecondsOf(sale);
  const isKnown = known?.tally.stepSeconds === stepSeconds;
  const tally = isKnown ? known.tally : new Tally(stepSeconds);
  const items = await readItems(db, saleId);
  const itemIds = items.map(({ id }) => id);
  const changes = await readChanges(db, itemIds, stepSeconds);
  const refundedCents = await readRefunded(db, itemIds);
  const heardMs = Number.parseInt(sale.below.replace("-", "").slice(0, 12), 16);
  const finalUntil = Math.max(0, Math.floor((heardMs - CLOCKS_MS) / 1_000));
  const newestMax = isKnown ? NEWEST_MAX : UNCOUNTED_MAX;
  const { counted, uncounted, isAll } = await readCells(db, {
    ...{ itemIds, from: tally.finalUntil, finalUntil, stepSeconds },
    ...{ newestMax, nowMs: sale.nowMs },
  });
  tally.add({ finalUntil, counted, uncounted });
  const isComplete = isKnown ? known.isComplete && sale.nowMs - heardMs < BEHIND_MS : isAll;
  return { sale, items, tally, changes, refundedCents, isComplete };
}

export interface SaleRead {
  readonly sale: SaleRow;
  readonly items: readonly ItemRow[];
  readonly tally: Tally;
  readonly changes: readonly StockChange[];
  readonly refundedCents: number;
  readonly isComplete: boolean;
}

type Db = Database["db"];

async function readSaleRow(db: Db, saleId: number): Promise<SaleRow> {
  const [row] = await db.execute<SaleRow>(sql`
    select
      sales.id,
      sales.name,
      sales.currency,
      ${epochMs(sql`sales.starts_at`)} as "startsAtMs",
      ${epochMs(sql`sales.ends_at`)} as "endsAtMs",
      ${epochMsOrNull(sql`sales.paused_at`)} as "pausedAtMs",
      ${epochMsOrNull(sql`sales.cancelled_at`)} as "cancelledAtMs",
      ${epochMs(sql`statement_timestamp()`)} as "nowMs",
      mark.below
    from sales
    cross join attempt_seconds_mark as mark
    where sales.id = ${saleId}::bigint
  `);
  if (!row) throw new Fault("NOT_FOUND", `There is no sale with the id ${saleId}.`);
  return row;
}

export interface SaleRow extends SaleTimes, Record<string, unknown> {
  readonly id: number;
  readonly name: string;
  readonly currency: string;
  /** The database's time of this read. */
  readonly nowMs: number;
  /** Attempts with ids below are counted. */
  readonly below: string;
}

async function readItems(db: Db, saleId: number): Promise<ItemRow[]> {
  const rows = await db.execute<ItemRow>(sql`
    select id, name, allotted, remaining from items where sale_id = ${saleId}::bigint order by ordinal
  `);
  return [...rows];
}

export type ItemRow = { id: number; name: string; allotted: number; remaining: number };

/**
 * What is counted, final by steps and the rest by seconds, and the newest of what is not: in one statement, so that nothing is
 * among both, and nothing among neither.
 */
async function readCells(
  db: Db,
  { itemIds, from, finalUntil, stepSeconds, newestMax, nowMs }: Asked,
): Promise<{ counted: Cell[]; uncounted: Cell[]; isAll: boolean }> {
  const ids = sql`${sql.param(itemIds)}::bigint[]`;
  const rows = await db.execute<CellRow & { isCounted: boolean }>(sql`
    select item_id as "itemId", outcome, at, sum(attempts)::bigint as attempts, sum(units)::bigint as units,
      sum(amount_cents)::bigint as "amountCents", true as "isCounted"
    from (
      select seconds.*,
        case when second < to_timestamp(${finalUntil}::bigint)
          then (extract(epoch from second)::bigint / ${stepSeconds}::bigint) * ${stepSeconds}::bigint
          else extract(epoch from second)::bigint
        end as at,
        second < to_timestamp(${finalUntil}::bigint) as is_final
      from attempt_seconds as seconds
      where item_id = any(${ids}) and second >= to_timestamp(${from}::bigint)
    ) as cells
    group by item_id, outcome, at, is_final
    union all
    select item_id, coalesce(refusal_code, 'PURCHASED'), extract(epoch from second)::bigint, count(*),
      sum(quantity)::bigint, coalesce(sum(amount_cents), 0)::bigint, false
    from (
      select item_id, ${SECOND} as second, refusal_code, quantity, amount_cents
      from purchase_attempts
      where id >= (select below from attempt_seconds_mark)
        and id < ${lowestUuidAt(nowMs + CLOCKS_MS)}::uuid
      order by id desc
      limit ${newestMax}
    ) as newest
    group by item_id, second, refusal_code
  `);
  const newest = rows.filter(({ isCounted }) => !isCounted);
  const ofSale = new Set(itemIds);
  return {
    counted: rows.filter(({ isCounted }) => isCounted),
    uncounted: newest.filter(({ itemId }) => ofSale.has(itemId)),
    isAll: newest.reduce((sum, { attempts }) => sum + attempts, 0) < newestMax,
  };
}

interface Asked {
  readonly itemIds: number[];
  readonly from: number;
  readonly finalUntil: number;
  readonly stepSeconds: number;
  readonly newestMax: number;
  readonly nowMs: number;
}

type CellRow = Cell & Record<string, unknown>;

/** What came to the items' stock and what left it other than by purchases, by steps. */
async function readChanges(db: Db, itemIds: number[], stepSeconds: number): Promise<StockChange[]> {
  const ids = sql`${sql.param(itemIds)}::bigint[]`;
  const rows = await db.execute<StockChange>(sql`
    select item_id as "itemId", (floor(extract(epoch from at))::bigint / ${stepSeconds}::bigint) * ${stepSeconds}::bigint as at,
      sum(units)::bigint as units
    from (
      select item_id, adjusted_at as at, change as units from stock_adjustments where item_id = any(${ids})
      union all
      select item_id, refunded_at, quantity from refunds where item_id = any(${ids}) and units_returned
    ) as changes
    group by 1, 2
  `);
  return [...rows];
}

export type StockChange = { itemId: number; at: number; units: number };

async function readRefunded(db: Db, itemIds: number[]): Promise<number> {
  const [row] = await db.execute<{ cents: number }>(sql`
    select coalesce(sum(amount_cents), 0)::bigint as cents from refunds where item_id = any(${sql.param(itemIds)}::bigint[])
  `);
  return row?.cents ?? 0;
}

/** What two processes may disagree by about the database's clock, and a start that has not heard it yet. */
const CLOCKS_MS = 15_000;

/** Read every second: two seconds of the greatest crowd, some 5 ms. A smaller one is read whole. */
const NEWEST_MAX = 25_000;

/** Read once, by whoever opens the page: what is not counted yet of the greatest crowd, in less than a second. */
const UNCOUNTED_MAX = 1_000_000;

/** The worker counts what is 45 s old, every few seconds. */
const BEHIND_MS = 120_000;
