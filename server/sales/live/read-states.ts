import { inArray, sql } from "drizzle-orm";
import { items, sales } from "../../../drizzle/schema/index.ts";
import type { SaleUpdate } from "../../../shared/sales.ts";
import type { Database } from "../../database/database.ts";
import { epochMs, isoTime } from "../../database/times.ts";
import { SALE_TIMES } from "../read-sales.ts";
import { type SaleTimes, saleStatusAt } from "../sale-status.ts";

/**
 * Reads what viewers see of these sales, in one statement: a version and the numbers that it stands for are of one
 * moment. Unknown ids are left out.
 */
export async function readStates(database: Database, saleIds: readonly number[]): Promise<SaleState[]> {
  const itemsOfSale = sql`(
    select json_agg(json_build_array(i.id, i.remaining, i.version, i.withdrawn_at is null) order by i.ordinal)
    from ${items} as i
    where i.sale_id = ${sales.id}
  )`;
  const rows = await database.db
    .select({
      saleId: sales.id,
      saleVersion: sales.version,
      ...SALE_TIMES,
      nowMs: epochMs(sql`statement_timestamp()`),
      items: sql<ItemState[] | null>`${itemsOfSale}`,
    })
    .from(sales)
    .where(inArray(sales.id, [...saleIds]));
  const readAtMs = performance.now();
  return rows.map(({ saleVersion, items, ...row }) => stateOf({ ...row, readAtMs }, saleVersion, items ?? []));
}

/** The update that a viewer gets who looks at this state now, by the database's clock. */
export function updateOf(state: SaleState): SaleUpdate {
  const nowMs = databaseTimeNow(state);
  return {
    saleId: state.saleId,
    version: state.version,
    status: saleStatusAt(state, nowMs),
    serverTime: isoTime(nowMs),
    startsAt: isoTime(state.startsAtMs),
    endsAt: isoTime(state.endsAtMs),
    items: state.items,
  };
}

/** The database's time, reckoned from when the state was read; this machine's own clock may be wrong. */
export function databaseTimeNow(state: SaleState): number {
  return state.nowMs + (performance.now() - state.readAtMs);
}

function stateOf(
  row: Omit<SaleState, "version" | "items">,
  saleVersion: number,
  itemRows: readonly ItemState[],
): SaleState {
  return {
    ...row,
    version: itemRows.reduce((version, [, , itemVersion]) => version + itemVersion, saleVersion),
    items: itemRows.flatMap(([id, remaining, version, isShown]) => (isShown ? [{ id, remaining, version }] : [])),
  };
}

type ItemState = [id: number, remaining: number, version: number, isShown: boolean];

export interface SaleState extends SaleTimes {
  readonly saleId: number;
  /** The sum of the sale's version and those of its items: each of them only rises. */
  readonly version: number;
  readonly items: SaleUpdate["items"];
  /** The database's time when this was read. */
  readonly nowMs: number;
  /** The same moment on this process' monotonic clock. */
  readonly readAtMs: number;
}
